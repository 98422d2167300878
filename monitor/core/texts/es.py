"""Español. Las claves son las reglas, como en inglés; se habla de «tú».

`{seller}` ya lleva su preposición, «al vendedor»: va detrás de un verbo que pide «a» (preguntar,
escribir, esperar). `{parcel}` lleva su artículo, así que no puede ir detrás de «de» ni de «a».
"""

from collections.abc import Mapping

from monitor.core.texts import Catalogue, Text
from monitor.core.texts.dossier_es import DOSSIER
from monitor.core.texts.drafts_es import DRAFTS

WEEKDAYS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")

#: Monedas que se escriben con su signo; las demás, con su código.
SIGNS: Mapping[str, str] = {
    "EUR": "€",
    "USD": "$",
    "GBP": "£",
    "JPY": "¥",
    "INR": "₹",
    "KRW": "₩",
    "ILS": "₪",
    "UAH": "₴",
}

#: Uno y varios de lo que se cuenta.
COUNTED: Mapping[str, tuple[str, str]] = {
    "days": ("1 día", "{n} días"),
    "business_days": ("1 día hábil", "{n} días hábiles"),
    "hours": ("1 h", "{n} h"),
    "minutes": ("1 min", "{n} min"),
    "days_left": ("queda 1 día", "quedan {n} días"),
    "hours_left": ("queda 1 h", "quedan {n} h"),
    "minutes_left": ("queda 1 min", "quedan {n} min"),
    "more_orders": (" y 1 pedido más en este paquete", " y {n} pedidos más en este paquete"),
    "orders": ("1 pedido", "{n} pedidos"),
    "more_currencies": ("1 moneda más", "{n} monedas más"),
}

#: Lo que tienen que decir un pedido o un paquete.
TEXTS: Mapping[str, Text] = {
    "not_shipped": Text(
        "Sin enviar",
        "{paid} · {price} · pide noticias",
        """
Lo {paid_on}, y no consta que se haya enviado.
Pregunta {seller} cuándo lo enviará. También puedes cancelar el pedido y recuperar el dinero:
{path_order}
{protection}
""",
    ),
    "dispute_openable/open": Text(
        "Disputa posible",
        "desde ahora · {price} · {until}",
        """
Desde ahora puedes abrir una disputa. Si todo va bien, no hace falta.
Si no llega o llega mal:
{path_open}
Mientras el paquete avance, pueden rechazar un «no recibido».
{protection}
""",
    ),
    "dispute_openable/delivered": Text(
        "Disputa posible",
        "entregado · {price} · {until}",
        """
Desde ahora puedes abrir una disputa. {arrival}
{check_first}
Si falta algo, está roto o no es como en el anuncio:
{path_open}
{protection}
""",
    ),
    # Quien no vio el botón oye más: el día en que puede estar, y unos días después de no verlo.
    "dispute_openable/looked": Text(
        "Disputa posible",
        "desde ahora · {price} · {until}",
        """
El {looked} no viste el botón. Ahora puede estar: busca otra vez {button}.
{path_open}
Mientras el paquete avance, pueden rechazar un «no recibido».
{protection}
¿Sigue sin estar? En el ordenador: orderwatch record {order} no-button
""",
    ),
    "dispute_openable/again": Text(
        "¿Ya está el botón?",
        "míralo otra vez · {price} · {until}",
        """
{dispute}
{protection}
¿Sigue sin estar? En el ordenador: orderwatch record {order} no-button
""",
    ),
    # Debajo de esta primera línea van el título y el cuerpo del problema mismo.
    "dispute_openable/problem": Text("", "disputa posible · {price} · {act}", ""),
    "estimate_missed": Text(
        "Con retraso",
        "{late} tarde · {price} · {act}",
        """
{Parcel} debía llegar como tarde el {estimate} ({estimate_from}).
Pregunta {seller} dónde está.
{dispute}
{protection}
""",
    ),
    "estimate_missed/border": Text(
        "Sin rastro desde la aduana",
        "{late} tarde · {price} · {act}",
        """
Envío económico: tras la aduana no hay seguimiento y nadie ve dónde está.
Debía llegar como tarde el {estimate} ({estimate_from}).
Mira en el buzón y pregunta a los vecinos y en la oficina de correos.
{dispute}
{protection}
""",
    ),
    "estimate_slipped": Text(
        "Se retrasa",
        "ahora {slip_after} · {price} · {slip} más",
        """
Según el transportista, {parcel} llegará como tarde el {slip_after}, no el {slip_before}.
{keep_dispute}
{protection}
""",
    ),
    "estimate_slipped/beyond": Text(
        "Llegaría sin protección",
        "ahora {slip_after} · {price} · {slip} más",
        """
Según el transportista, {parcel} llegará como tarde el {slip_after}, no el {slip_before}.
Para entonces tu protección habrá acabado. No esperes tanto.
{dispute}
{protection}
""",
    ),
    "protection_ending/notice": Text(
        "La protección se acaba",
        "{left} · {price} · {until}",
        """
{protection}
{arrival} Pregunta {seller} dónde está.
{dispute}
""",
    ),
    "protection_ending/warning": Text(
        "La protección se acaba",
        "{left} · {price} · {act}",
        """
{protection}
{arrival} No esperes mucho más {seller}.
{dispute}
""",
    ),
    "protection_ending/urgent": Text(
        "Casi sin protección",
        "{left} · {price} · {act}",
        """
{protection}
{arrival} No te fíes de promesas del vendedor.
{dispute}
""",
    ),
    "protection_ending/critical": Text(
        "Última oportunidad",
        "{left} · {price} · {act}",
        """
{protection}
{arrival} Actúa hoy: si al final llega bien, la disputa se puede cancelar.
{dispute}
""",
    ),
    "protection_ending/notice/delivered": Text(
        "La protección se acaba",
        "{left} · {price} · {until}",
        """
{protection}
{arrival} ¿Está todo y está bien? Entonces no hay nada que hacer.
{dispute}
""",
    ),
    "protection_ending/warning/delivered": Text(
        "La protección se acaba",
        "{left} · {price} · {act}",
        """
{protection}
{arrival} ¿Falta algo, está roto o no es como en el anuncio? No esperes {seller}.
{dispute}
""",
    ),
    "protection_ending/urgent/delivered": Text(
        "Casi sin protección",
        "{left} · {price} · {act}",
        """
{protection}
{arrival} ¿Falta algo, está roto o no es como en el anuncio? No te fíes de promesas del vendedor.
{dispute}
""",
    ),
    "protection_ending/critical/delivered": Text(
        "Última oportunidad",
        "{left} · {price} · {act}",
        """
{protection}
{arrival} ¿Falta algo, está roto o no es como en el anuncio? Actúa hoy: si se arregla, la disputa se puede cancelar.
{dispute}
""",
    ),
    "protection_ended": Text(
        "Protección terminada",
        "{ended} · {price} · míralo otra vez",
        """
La protección del comprador acabó {ended_at}, y no me consta ninguna disputa.
¿Lo tienes todo y está bien? Entonces no hay problema. Si no, pregunta a Atención al cliente qué se puede hacer aún:
{path_support}
{fallbacks}
""",
    ),
    "protection_ended/estimated": Text(
        "¿Protección terminada?",
        "{ended} · {price} · míralo hoy",
        """
Según mi cálculo, la protección acabó {ended_at}, y no me consta ninguna disputa.
¿Lo tienes todo y está bien? Entonces no hay problema. Si no, mira el contador del pedido. Si aún corre, abre hoy una disputa:
{path_open}
Si ya acabó, pregunta a Atención al cliente:
{path_support}
{fallbacks}
""",
    ),
    "protection_ended/possibly": Text(
        "¿Protección terminada?",
        "quizá {possibly_left} · {price} · míralo hoy",
        """
La protección acabó {ended_at}, y no me consta ninguna disputa.
Los {post_days} desde la entrega quizá aún cuenten: tal vez hasta el {possibly}.
¿Algo está mal? Intenta abrir hoy una disputa:
{path_open}
¿No hay botón? Pregunta a Atención al cliente:
{path_support}
{fallbacks}
""",
    ),
    "protection_ended/grace": Text(
        "¿Protección terminada?",
        "quizá {grace_left} · {price} · míralo hoy",
        """
La protección del comprador acabó {ended_at}, y no me consta ninguna disputa.
{market} puede conceder {grace} más: tal vez hasta el {grace_until}.
¿Algo está mal? Intenta abrir hoy una disputa:
{path_open}
¿No hay botón? Pregunta a Atención al cliente:
{path_support}
{fallbacks}
""",
    ),
    "fallback_ending/missing": Text(
        "Fin de plazo, {way}",
        "{left} · {price} · {act}",
        """
{arrival} No me consta ninguna disputa ni reembolso.
Aún puedes recuperar el dinero con {way}. El plazo {way_ends}:
{way_path}
{way_escalate}
¿Resuelto? En el ordenador: orderwatch record {order} closed
""",
    ),
    "fallback_ending/disputed": Text(
        "Fin de plazo, {way}",
        "{left} · {price} · {act}",
        """
Tu disputa en {market} aún no te ha devuelto el dinero. También puedes recuperarlo con {way}, pero el plazo {way_ends}:
{way_path}
{press_first}
{way_escalate}
¿Resuelto? En el ordenador: orderwatch record {order} refund-received
""",
    ),
    "customs_hold/held": Text(
        "Retenido en la aduana",
        "{since_for} retenido · {price} · {act}",
        """
La aduana retiene {parcel} desde el {since}.
¿Te pide A TI papeles o dinero? Responde antes a eso, o puedes perder.
¿No te pide nada? {dispute}
{protection}
""",
    ),
    "customs_hold/silent": Text(
        "Parado en la aduana",
        "{quiet_for} parado · {price} · {act}",
        """
{Parcel} llegó a la aduana el {since}; {quiet_for} sin noticias.
¿Te pide A TI papeles o dinero? Responde antes a eso, o puedes perder.
¿No te pide nada? {dispute}
{protection}
""",
    ),
    "no_tracking": Text(
        "Sin seguimiento",
        "nada en {shipped_for} · {price} · {act}",
        """
Dicen que salió hace {shipped_for}, el {shipped}, pero ningún transportista ha visto aún {parcel}.
¿Es el mismo número que en el pedido? Entonces pregunta {seller}.
{dispute}
{protection}
""",
    ),
    "no_tracking/unread": Text(
        "Sin seguimiento",
        "{shipped_for} fuera · {price} · {act}",
        """
Dicen que salió hace {shipped_for}, el {shipped}, pero nunca he podido leer por dónde va {parcel}.
Mira en los detalles del pedido. ¿Allí tampoco hay nada? Pregunta {seller}.
{dispute}
{protection}
""",
    ),
    "tracking_stalled": Text(
        "Sin noticias",
        "{quiet_for} parado · {price} · {act}",
        """
Que yo sepa, {parcel} no se mueve desde hace {quiet_for} ({since}{in_place}).
Pide {seller} que pregunte al transportista dónde está.
{dispute}
{protection}
""",
    ),
    "returning": Text(
        "Vuelve al vendedor",
        "hace {since_for} · {price} · {act}",
        """
El transportista dice que {parcel} vuelve al vendedor.
Pregunta {seller} por qué. Si te envía otro, mantén abierta una disputa hasta que llegue.
{dispute}
{protection}
""",
    ),
    "returned": Text(
        "Devuelto al vendedor",
        "hace {since_for} · {price} · {act}",
        """
El transportista dice que el vendedor tiene otra vez {parcel}.
Pide {seller} tu dinero. Si te envía otro, mantén abierta una disputa hasta que llegue.
{dispute}
{protection}
""",
    ),
    "parcel_exception": Text(
        "Perdido o dañado",
        "hace {since_for} · {price} · {act}",
        """
El transportista da {parcel} por perdido, dañado o cancelado.
Pide {seller} tu dinero. Si te envía otro, mantén abierta una disputa hasta que llegue.
{dispute}
{protection}
""",
    ),
    "delivery_failed": Text(
        "Entrega fallida",
        "hace {since_for} · {price} · pide otra entrega",
        """
El transportista no pudo entregar {parcel}, o no entiende la dirección.
Mira si hay un aviso en el buzón. Pide al transportista otro intento, o recógelo tú; dale el número de seguimiento y la dirección completa.
Si nadie hace nada, vuelve al vendedor.
{protection}
""",
    ),
    "pickup_waiting/ready": Text(
        "Listo para recoger",
        "te espera · {price} · {collect}",
        """
{Parcel} está en el punto de recogida{in_place}. {kept}
Lleva tu DNI y el código o el aviso del transportista.
{film_opening}
{check_first}
""",
    ),
    "pickup_waiting/again": Text(
        "Aún sin recoger",
        "{since_for} esperando · {price} · {collect}",
        """
{Parcel} está en el punto de recogida{in_place} desde el {since}. {kept}
Si no lo recoges, vuelve al vendedor, y puede contar como culpa tuya.
{film_opening}
{check_first}
""",
    ),
    "film_unboxing": Text(
        "Graba cómo lo abres",
        "llega hoy · {price} · grábalo",
        """
{Parcel} está en reparto.
{film_opening}
Si es un aparato, grábalo también funcionando. Es tu mejor prueba si falta algo o está roto.{video}
{check_first}
""",
    ),
    "film_unboxing/pickup": Text(
        "Graba cómo lo abres",
        "listo para recoger · {price} · grábalo",
        """
{Parcel} está listo para recoger.
{film_opening}
Si es un aparato, grábalo también funcionando. Es tu mejor prueba si falta algo o está roto.{video}
{check_first}
""",
    ),
    "delivered_elsewhere": Text(
        "Entregado en otro sitio",
        "otra dirección · {price} · {act}",
        """
Entregado el {delivered}{delivered_in}: no es tu dirección.
Pregunta antes en casa y a los vecinos. No confirmes la recepción.
{dispute}
{post_days_run}
{protection}
""",
    ),
    "delivered_unconfirmed/delivered": Text(
        "Entregado",
        "hace {since_for} · {price} · {check}",
        """
El transportista dice: entregado el {since}.
¿Lo tienes? Graba cómo lo abres y revísalo antes de confirmar la recepción en la app.
{neighbours}
{protection}
""",
    ),
    "delivered_unconfirmed/again": Text(
        "¿Ha llegado?",
        "hace {since_for} · {price} · {check}",
        """
El transportista dice: entregado el {since}. Aún no sé si lo tienes.
¿Lo tienes? Revísalo antes de confirmar la recepción en la app.
{neighbours}
{protection}
En el ordenador: orderwatch record {order} received
""",
    ),
    "post_delivery_ending/notice": Text(
        "Revisa el producto",
        "{left} · {price} · {until}",
        """
{arrival} ¿Has mirado si está todo, funciona y es como en el anuncio?
Si no, escribe ya {seller}.
{dispute}
{protection}
""",
    ),
    "post_delivery_ending/warning": Text(
        "Revisa ya el producto",
        "{left} · {price} · {act}",
        """
{arrival} Se acaban los días para reclamar.
¿Falta algo, está roto o no es como en el anuncio? No esperes {seller}.
{dispute}
{protection}
""",
    ),
    "post_delivery_ending/urgent": Text(
        "Última revisión",
        "{left} · {price} · {act}",
        """
{arrival} Es la última ocasión de reclamar.
¿Falta algo, está roto o no es como en el anuncio? Actúa hoy: si se arregla, la disputa se puede cancelar.
{dispute}
{protection}
""",
    ),
    "status_lag": Text(
        "La app va con retraso",
        "entregado hace {delivered_for} · {price} · míralo",
        """
El transportista dice: entregado el {delivered}. ¿El pedido sigue como «enviado»? Entonces puede faltar el botón de la disputa.
Mira el pedido, y otra vez mañana:
{path_order}
¿Sigue «enviado» y algo está mal? Pide a Atención al cliente que lo corrija:
{path_support}
{protection}
""",
    ),
    "escalation_available/answered": Text(
        "Pide que intervengan",
        "abierta {open_for} · {price} · pide que decidan",
        """
El vendedor ha respondido, pero no has aceptado.
No tienes que esperar más: puedes pedir a {market} que intervenga y decida.
{path_dispute}
Añade lo que tengas: {evidence}.
{goes_on}
¿Ya lo has pedido? En el ordenador: orderwatch record {order} claim
""",
    ),
    "escalation_available/unanswered": Text(
        "Pide que intervengan",
        "abierta {open_for} · {price} · pide que decidan",
        """
No me consta que el vendedor haya respondido a tu disputa.
No tienes que esperar más: puedes pedir a {market} que intervenga y decida.
{path_dispute}
{seller_has}
¿Ya lo has pedido? En el ordenador: orderwatch record {order} claim
""",
    ),
    "seller_response_due/look": Text(
        "Mira tu disputa",
        "abierta {open_for} · {price} · mírala hoy",
        """
Según reglas más nuevas, el vendedor solo tiene {look_days}, y no me consta respuesta.
Mira si la hay, o si ya está resuelta. Una oferta necesita tu respuesta:
{path_offer}
¿No hay nada? El vendedor quizá tenga aún {seller_until}.
Dime lo que veas: orderwatch record {order} offer, seller-answered o decision --in-favour-of buyer
""",
    ),
    "escalation_due": Text(
        "Eleva tu disputa",
        "{left} · {price} · {act}",
        """
{market} cierra tu disputa del todo si no la elevas a reclamación. El plazo {time_ends}.
{path_dispute}
Ten a mano: {evidence}.
No te fíes de promesas del vendedor.
¿Hecho? En el ordenador: orderwatch record {order} claim
""",
    ),
    "seller_response_due": Text(
        "Le toca al vendedor",
        "{seller_left} · {price} · mira la disputa",
        """
El vendedor tiene aún {seller_until}, para responder a tu disputa. No me consta respuesta.
Mira si la hay, o si ya está resuelta. Una oferta necesita tu respuesta:
{path_offer}
Si el vendedor calla, debería resolverse a tu favor. No canceles la disputa.
""",
    ),
    "seller_silent": Text(
        "¿Resuelta a tu favor?",
        "{open_for} sin respuesta · {price} · míralo hoy",
        """
{seller_time}, y no me consta respuesta. Debería resolverse a tu favor, con el dinero de vuelta en unos {win_days}.
Mira si es así:
{path_dispute}
¿Hay una respuesta o una oferta? Contesta ya. ¿No hay nada? Pregunta a Atención al cliente:
{path_support}
¿Está resuelta? En el ordenador: orderwatch record {order} decision --in-favour-of buyer
""",
    ),
    "becomes_claim": Text(
        "¿Decide {market}?",
        "{open_for} sin acuerdo · {price} · míralo hoy",
        """
{seller_time}, sin acuerdo. Ahora debería decidir {market}.
Mira si es así y añade lo que tengas:
{path_dispute}
{market} puede preguntarte algo y esperar solo {answer_range}: míralo cada día. Si no contestas, pueden decidir en tu contra.
¿Es así? En el ordenador: orderwatch record {order} claim
""",
    ),
    "answer_due/offer/warning": Text(
        "Responde a la oferta",
        "{left} · {price} · {act}",
        """
El vendedor te ha hecho una oferta. Acéptala, recházala o pide otra cosa:
{path_offer}
{answer_due}
Si no respondes, puede cerrarse con la última propuesta o decidirse en tu contra.
¿Ya has respondido? En el ordenador: orderwatch record {order} answered
""",
    ),
    "answer_due/offer/urgent": Text(
        "Responde hoy a la oferta",
        "{left} · {price} · {act}",
        """
La oferta del vendedor sigue esperando. Acéptala, recházala o pide otra cosa:
{path_offer}
{answer_due}
Si no respondes, puede cerrarse con la última propuesta o decidirse en tu contra.
""",
    ),
    "answer_due/offer/critical": Text(
        "Últimas horas de la oferta",
        "{left} · {price} · {act}",
        """
Responde YA a la oferta del vendedor: acéptala, recházala o pide otra cosa.
{path_offer}
{answer_due}
Si no respondes, puede cerrarse con la última propuesta o decidirse en tu contra.
""",
    ),
    "answer_due/request/warning": Text(
        "Tienes que responder",
        "{left} · {price} · {act}",
        """
{market} te ha preguntado algo sobre tu disputa y espera:
{path_dispute}
Ten a mano: {evidence}.
{answer_due}
Si no respondes, pueden decidir en tu contra o cerrarla con la última propuesta.
¿Ya has respondido? En el ordenador: orderwatch record {order} answered
""",
    ),
    "answer_due/request/urgent": Text(
        "Responde hoy",
        "{left} · {price} · {act}",
        """
{market} sigue esperando tu respuesta sobre la disputa:
{path_dispute}
Ten a mano: {evidence}.
{answer_due}
Si no respondes, pueden decidir en tu contra o cerrarla con la última propuesta.
""",
    ),
    "answer_due/request/critical": Text(
        "Responde ahora mismo",
        "{left} · {price} · {act}",
        """
Responde YA a {market}, aunque sea poco: envía lo que tengas.
{path_dispute}
Ten a mano: {evidence}.
{answer_due}
Si no respondes, pueden decidir en tu contra o cerrarla con la última propuesta.
""",
    ),
    "mediation_overdue": Text(
        "Aún sin decisión",
        "abierta {open_for} · {price} · pregunta ya",
        """
Tu disputa está abierta desde el {opened}. La decisión debía llegar en {mediation_days}.
Mira si algo espera tu respuesta:
{path_dispute}
Si no, pregunta a Atención al cliente cuándo decidirán:
{path_support}
¿Decidida? En el ordenador: orderwatch record {order} decision --in-favour-of buyer (o seller)
""",
    ),
    "mediation_overdue/appeal": Text(
        "Apelación sin respuesta",
        "apelada hace {since_for} · {price} · pregunta ya",
        """
Apelaste el {since}. La decisión debía llegar en {mediation_days}.
Mira si algo espera tu respuesta:
{path_dispute}
Si no, pregunta a Atención al cliente cuándo decidirán:
{path_support}
¿Decidida? En el ordenador: orderwatch record {order} decision --in-favour-of buyer (o seller)
""",
    ),
    "mediation_overdue/replacement": Text(
        "¿Ha llegado el cambio?",
        "abierta {open_for} · {price} · míralo hoy",
        """
Acordasteis que te envían otro. ¿Ha llegado y está bien? Cancela la disputa en la app y anota all-fine.
¿No ha llegado? No la canceles. Escribe {seller} y pide a {market} que intervenga mientras está abierta:
{path_dispute}
¿Allí no se puede? Atención al cliente:
{path_support}
""",
    ),
    "appeal_possible": Text(
        "Decisión en tu contra",
        "hace {decided_for} · {price} · apela pronto",
        """
{market} ha decidido a favor del vendedor. Puedes apelar si tienes algo nuevo que enseñar:
{path_appeal}
Ten a mano: {evidence}.
No sé hasta cuándo se puede; algunos dicen 7 días, así que hazlo pronto. Sin apelación queda así.
¿Hecho? En el ordenador: orderwatch record {order} appealed. ¿No merece la pena? … closed
{fallbacks}
""",
    ),
    "appeal_possible/limit": Text(
        "Decisión en tu contra",
        "{left} · {price} · {act}",
        """
{market} ha decidido a favor del vendedor. Puedes apelar si tienes algo nuevo que enseñar:
{path_appeal}
Ten a mano: {evidence}.
El plazo {time_ends}. Si no apelas, la decisión queda así.
¿Hecho? En el ordenador: orderwatch record {order} appealed. ¿No merece la pena? … closed
{fallbacks}
""",
    ),
    "appeal_possible/again": Text(
        "Otra vez en tu contra",
        "hace {decided_for} · {price} · pregunta ya",
        """
{market} ha decidido otra vez a favor del vendedor, tras tu apelación.
Mira si se puede apelar de nuevo; hace falta algo nuevo que enseñar:
{path_appeal}
Si no, pregunta a Atención al cliente si queda algo:
{path_support}
¿No queda nada? En el ordenador: orderwatch record {order} closed
{fallbacks}
""",
    ),
    "return_due/approved": Text(
        "Devuélvelo",
        "{left} · {price} · {act}",
        """
Han aprobado tu devolución. El plazo para enviarlo {return_ends}.
Embálalo bien y usa la etiqueta de la app. {drop_off} Guarda el resguardo.
Después pon el número de seguimiento en la disputa:
{path_dispute}
Si es tarde o falta el número, pueden negarte el reembolso.
""",
    ),
    "return_due/urgent": Text(
        "Devuélvelo ya",
        "{left} · {price} · {act}",
        """
El plazo para enviarlo {return_ends}, y no me consta su número.
Usa la etiqueta de la app. {drop_off} Guarda el resguardo y pon el número aquí:
{path_dispute}
Tarde o sin número, pueden negarte el reembolso.
¿Enviado? En el ordenador: orderwatch record {order} return-shipped --number …
""",
    ),
    "refund_due/early": Text(
        "Reembolso en camino",
        "{refund_count} · {price} · mira tu banco",
        """
{refund_from}. Puede que ya tengas el dinero; puede tardar hasta {refund_most}.
Por ahora solo mira la cuenta o la tarjeta con la que pagaste.
""",
    ),
    "refund_due/expected": Text(
        "Reembolso esperado",
        "{refund_count} · {price} · mira tu banco",
        """
{refund_from}. A estas alturas el dinero suele haber llegado; puede tardar hasta {refund_most}.
Mira la cuenta o la tarjeta con la que pagaste.
¿Ha llegado? En el ordenador: orderwatch record {order} refund-received
""",
    ),
    "refund_due/overdue": Text(
        "Reembolso con retraso",
        "{refund_count} · {price} · reclámalo",
        """
{refund_from}. El dinero ya debería haber llegado.
Mira la cuenta o la tarjeta con la que pagaste. ¿No está? Pregunta a Atención al cliente, con el número del pedido:
{path_support}
Nadie más lo busca: si no preguntas, puede no llegar nunca.
¿Ha llegado? En el ordenador: orderwatch record {order} refund-received
""",
    ),
    "refund_due/return": Text(
        "¿Llegó la devolución?",
        "enviada hace {since_for} · {price} · míralo hoy",
        """
{refund_from}. Mira con su número si ya la tiene el vendedor.
¿La tiene? Entonces deben enviar el reembolso. Mira si lo han hecho:
{path_dispute}
¿No la tiene? Guarda el resguardo: es tu prueba. ¿Está el número en la disputa?
¿Reembolso enviado? En el ordenador: orderwatch record {order} refund-issued
""",
    ),
    "refund_due/return-overdue": Text(
        "Devuelto y sin reembolso",
        "enviada hace {since_for} · {price} · reclámalo",
        """
{refund_from}, y no me consta reembolso.
Mira la disputa y si la devolución ha llegado:
{path_dispute}
¿Sin reembolso? Pregunta a Atención al cliente, con el resguardo y el número de la devolución:
{path_support}
¿Reembolso enviado? En el ordenador: orderwatch record {order} refund-issued
""",
    ),
    "dispute_rearmed": Text(
        "Disputa cancelada",
        "{left} · {price} · {until}",
        """
Has cancelado la disputa. Vuelvo a vigilar cuándo acaba tu protección.
¿Sigue habiendo algo mal? Abre otra disputa antes de que acabe:
{path_open}
{protection}
""",
    ),
    "duplicate_charge": Text(
        "Cobrado dos veces",
        "doble pago · {price} · {act}",
        """
Anotaste dos pagos. Pide que te devuelvan el segundo con «Solo reembolso».
{dispute}
¿Falló algo cuando pagaste? Escríbelo también.
{protection}
""",
    ),
}

#: Lo que tienen que decir las fuentes, los canales y las reglas; `title` va delante de su nombre.
SERVICE: Mapping[str, Text] = {
    "source_blind": Text(
        "No puedo leer",
        "{since_for} sin respuesta · paquetes sin vigilar",
        """
Desde el {since_clock} no recibo nada de {subject}, así que no sé cómo van tus paquetes.
Los plazos los sigo vigilando. Mientras tanto, mira tus paquetes en la app.
Lo que dice: {error}
En el ordenador: orderwatch check --online
""",
    ),
    "channel_down": Text(
        "Falla el canal",
        "{since_for} fallando · pueden faltar mensajes",
        """
Desde el {since_clock} no llega ningún mensaje por {subject}. Sigo intentándolo.
Lo que dice: {error}
En el ordenador: orderwatch notify test {subject}
""",
    ),
    "channel_down/permanent": Text(
        "Mensajes rechazados",
        "desde {since_clock} · revisa sus ajustes",
        """
{subject} rechaza mis mensajes: por ahí no te llegan.
Seguramente sus ajustes están mal: la dirección, la clave o el tema.
Lo que dice: {error}
En el ordenador: orderwatch notify test {subject}
""",
    ),
    "policy_old": Text(
        "Reglas antiguas",
        "revisadas {checked} · fechas dudosas",
        """
Hace más de un año que nadie compara lo que sé de {subject} con sus reglas de ahora: los días y los plazos pueden estar mal.
Fíate del contador de la app y busca una versión nueva de orderwatch.
""",
    ),
}

#: Lo que ha terminado, según la regla que lo había dicho.
ENDS: Mapping[str, Text] = {
    "customs_hold": Text(
        "Fuera de la aduana",
        "{price} · {now_is}",
        """
La aduana ya no retiene {parcel}: {now_is}.
{keep_dispute}
""",
    ),
    "no_tracking": Text(
        "Ya hay seguimiento",
        "{price} · {now_is}",
        """
{Parcel} ya tiene seguimiento: {now_is}.
{keep_dispute}
""",
    ),
    "tracking_stalled": Text(
        "Vuelve a moverse",
        "{price} · {now_is}",
        """
{Parcel} vuelve a dar noticias: {now_is}.
{keep_dispute}
""",
    ),
    "returning": Text(
        "Ya no se devuelve",
        "{price} · {now_is}",
        """
{Parcel} ya no vuelve al vendedor: {now_is}.
{keep_dispute}
""",
    ),
    "parcel_exception": Text(
        "No estaba perdido",
        "{price} · {now_is}",
        """
El transportista ya no da {parcel} por perdido ni dañado: {now_is}.
{keep_dispute}
""",
    ),
    "delivery_failed": Text(
        "Sigue la entrega",
        "{price} · {now_is}",
        """
Tras el intento fallido, {parcel} vuelve a moverse: {now_is}.
{keep_dispute}
""",
    ),
}

#: Lo mismo, de fuentes y canales.
SERVICE_ENDS: Mapping[str, Text] = {
    "source_blind": Text(
        "Vuelvo a leer",
        "desde {now} · vigilo otra vez",
        """
{subject} vuelve a responder. Si entretanto ha pasado algo, te lo digo ahora.
""",
    ),
    "channel_down": Text(
        "El canal vuelve a funcionar",
        "desde {now} · nada que hacer",
        """
Los mensajes llegan otra vez por {subject}.
""",
    ),
}

#: Dónde está un paquete, en medio de una frase.
STATUSES: Mapping[str, str] = {
    "not_found": "ningún transportista lo conoce",
    "info_received": "anunciado al transportista",
    "in_transit": "en camino",
    "in_customs": "en la aduana",
    "customs_hold": "retenido en la aduana",
    "out_for_delivery": "en reparto",
    "available_for_pickup": "listo para recoger",
    "delivery_failed": "entrega fallida",
    "delivered": "entregado",
    "returning": "de vuelta al vendedor",
    "returned": "devuelto al vendedor",
    "exception": "perdido o dañado",
    "expired": "ya sin seguimiento",
    "unknown": "estado poco claro",
}

#: Piezas que comparten los mensajes.
PHRASES: Mapping[str, str] = {
    # en varios sitios
    "film_opening": "Graba cómo lo abres: primero el paquete cerrado y la etiqueta, corta los precintos ante la cámara "
    "y enseña cada pieza.",
    "check_first": "No confirmes la recepción en la app antes de revisarlo.",
    "neighbours": "¿No está? Pregunta en casa y a los vecinos; después pide {seller} la prueba de entrega.",
    # tiempos
    "day": "{weekday} {day} {month}",
    "day_of_year": "{weekday} {day} {month} {year}",
    "short_day": "{day} {month}",
    "clock": "{day} {hour:02}:{minute:02}",
    "midnight": "{day} 24:00",
    "in": "en {span}",
    "ago": "hace {span}",
    "in_at": "en {span}, el {at}",
    "ago_at": "hace {span}, el {at}",
    # lo que cuesta
    "price_signed": "{amount} {sign}",
    "price": "{amount} {currency}",
    # la primera línea
    "dispute_runs": "disputa abierta",
    "check": "míralo {until}",
    "check_now": "míralo ya",
    "act_by": "límite: {at}",
    "act_by_short": "límite {at}",
    "act_now": "actúa ya: acaba {at}",
    "act_now_short": "ya: acaba {at}",
    "until": "hasta {at}",
    "ended": "acabó {at}",
    "collect": "recógelo y grábalo",
    # quién y qué
    "order": "pedido {id}",
    "seller": "al vendedor",
    "seller_named": "al vendedor ({name})",
    "Parcel": "El paquete",
    "parcel": "el paquete",
    "Parcel_of": "El paquete {n} de {all}",
    "parcel_of": "el paquete {n} de {all}",
    "no_Parcel": "El pedido",
    "no_parcel": "el pedido",
    "in_place": " en {place}",
    "video": " Cada vídeo, {gigabytes} GB como mucho.",
    "path_order": "{market} → el pedido",
    "path_support": "{market} → ayuda",
    # lo pagado y lo esperado
    "paid": "pagado hace {span}",
    "ordered": "pedido hace {span}",
    "paid_on": "pagaste hace {span}, el {day}",
    "ordered_on": "pediste hace {span}, el {day}",
    "promised": "promesa del vendedor",
    "expected": "previsión del transportista",
    "usual": "lo normal con este envío",
    "usual_estimated": "cálculo: lo normal en envío estándar",
    # dónde está
    "nothing_delivered": "Que yo vea, aún no han entregado nada.",
    "some_delivered": "Entregados: {n} de {all} paquetes.",
    "perhaps_delivered": "No sé si ha llegado.",
    "delivered_on": "Entregado el {day}.",
    "kept_until": "Lo guardan hasta el {at}.",
    "kept_over": "Lo guardaban hasta el {at}: pregunta allí ya.",
    "kept_unknown": "Suelen guardarlo solo unos días.",
    # si se puede abrir una disputa
    "dispute_now_because": "Ya puedes abrir una disputa, motivo «{reason}»:\n{path}\nTen a mano: {evidence}",
    "dispute_now": "Ya puedes abrir una disputa:\n{path}\nTen a mano: {evidence}",
    "dispute_later": "Podrás abrir una disputa en {span}, el {day}. Por ahora, escribe al vendedor:\n{path}"
    "\nGuarda: {evidence}",
    "dispute_never": "El botón puede llegarte tarde: pide ya a Atención al cliente que lo active:\n{path}"
    "\nTen a mano: {evidence}",
    "dispute_open": "Tu disputa está abierta. Añade esto:\n{path}\nTen a mano: {evidence}",
    "dispute_no_button": "Sin botón el {looked}, y se acaba el tiempo: pide YA a Atención al cliente que lo active, "
    "por el chat{email}:\n{path}\nTen a mano: {evidence}",
    "dispute_no_button_shipped": "¿Sin botón el {looked}? Quizá el pedido siga «enviado». Busca otra vez {button}; "
    "si no está, pide a Atención al cliente que lo active:\n{path}\nTen a mano: {evidence}",
    "dispute_no_button_waiting": "¿Sin botón el {looked}? Quizá llegue con la entrega. Busca otra vez {button}; "
    "si no está, pide a Atención al cliente que lo active:\n{path}\nTen a mano: {evidence}",
    "dispute_no_button_other": "¿Sin botón el {looked}? Busca otra vez {button}; "
    "si no está, pide a Atención al cliente que lo active:\n{path}\nTen a mano: {evidence}",
    "the_button": "el botón",
    "quoted": "«{name}»",
    "or_email": " o por correo, {email}",
    "dispute_unknown": "Mira si ya puedes abrir una disputa (suele ser {wait} después del envío):\n{path}"
    "\nTen a mano: {evidence}",
    "dispute_look": "Mira si ya puedes abrir una disputa:\n{path}\nTen a mano: {evidence}",
    "dispute_over": "La protección acabó. Pregunta a Atención al cliente qué se puede hacer aún:\n{path}"
    "\nTen a mano: {evidence}",
    "any_evidence": "fotos, vídeos, capturas del anuncio, todos los mensajes con el vendedor",
    "evidence_some": "({here} de {all} en tu carpeta)",
    "evidence_all": "no falta nada ({here} de {all} en tu carpeta)",
    # hasta cuándo
    "protection": "La protección acaba {until}. Después puedes perder el dinero.",
    "protection_two": "A salvo {span}, hasta el {safe}; quizá hasta el {possibly}. Después puedes perder el dinero.",
    "protection_possibly": "El plazo seguro acabó {safe}. Quizá tengas hasta el {possibly}.",
    "protection_over": "La protección del comprador acabó {ended}.",
    "protection_unknown": "No sé cuándo acaba la protección: mira el contador en los detalles del pedido.",
    "estimated": " (cálculo: mira el contador del pedido)",
    "estimated_possibly": " (cálculo)",
    # lo que queda cuando acaba la protección
    "still_open": "Aún queda: {ways}.",
    "way": "{way} hasta {day}",
    "way_about": "{way} hasta ~{day}",
    "finish_first": "Antes acaba con {market}: un contracargo puede cerrar su caso.",
    "press_first": "Pide ya a {market} que decida: un contracargo puede cerrar su caso.",
    "way_escalate": "Después elévalo a reclamación en {span}, o {way} lo cierra del todo.",
    # una disputa abierta
    "still": "{span}, hasta el {at}",
    "time_ends": "acaba {at}",
    "time_ended": "acabó {at}",
    "goes_on": "Si no haces nada, sigue {until}; después debería decidir {market}.",
    "seller_has": "El vendedor quizá tenga aún {until}.",
    "seller_has_or": "El vendedor quizá tenga aún {until}, o solo {look_days} en total: mira {look_from} si se ha "
    "resuelto.",
    "post_days_run": "Los {days} corren aunque no lo tengas.",
    "look_from": "desde el {day}",
    "look_now": "ya",
    "range": "de {least} a {most} días",
    "due_known": "Vence {until}.",
    "due_unknown": "Tienes {range} para responder; yo cuento {least}: vence {until}. Como muy tarde, el {latest}; "
    "la app dice cuál.",
    "seller_time": "El plazo del vendedor ha pasado",
    "seller_days": "Los {days} del vendedor han pasado",
    "return_estimated": " (cálculo: la app dice el día real)",
    "drop_off_at": "Entrégalo en {place}.",
    "drop_off_other": "Entrégalo como diga {operator}.",
    "drop_off_label_only": "Entrégalo donde diga la etiqueta.",
    "drop_off_label": "Entrégalo como diga la etiqueta: {places}.",
    "drop_off_of": "{operators}: {place}",
    "drop_off_else": "otros: como digan",
    "refund_issued": "El reembolso se envió {on}",
    "refund_returned": "Lo devolviste {on}",
    "refund_decided": "Se decidió a tu favor {on}",
    "refund_agreed": "Hubo acuerdo {on}",
    "keep_dispute": "Tu disputa sigue abierta: no la canceles hasta que llegue y esté bien.",
    "keep_watching": "No tienes que hacer nada. Sigo vigilando.",
    # la última línea
    "fact_order": "Pedido {id}{more}",
    "fact_no_parcel": "sin número de seguimiento",
    "fact_parcel_of": "paquete {n} de {all} {number}",
    "fact_parcels": "{all} paquetes, el último {number}",
    "fact_scan": "visto {day}{place}",
    "fact_no_scan": "sin movimientos",
    "fact_read": "leído hace {span}",
    "fact_read_now": "leído ahora mismo",
    "fact_unread": "sin poder leerlo {span}",
    "fact_never_read": "aún sin leer",
}

#: Lo que dicen los botones de un mensaje.
BUTTONS: Mapping[str, str] = {
    "done": "Hecho",
    "tomorrow": "Mañana",
    "received": "Recibido",
    "not_here": "No está",
}

#: Lo que muestra el móvil al pulsar un botón; se ven seguro 200 caracteres.
REPLIES: Mapping[str, str] = {
    "done": "Anotado. No lo repito, salvo que empeore.",
    "done_next": "Anotado. Si sigue así, el próximo aviso es {at}.",
    "done_last": "Anotado. No lo repito, pero hay que hacerlo antes de {by}.",
    "tomorrow": "Anotado: te lo repito mañana a las {hour:02}:{minute:02}.",
    "snoozed": "Anotado: te lo repito {at}, porque hay que hacerlo antes de {by}.",
    "no_time": "No puede esperar: hay que hacerlo antes de {by}.",
    "received": "Anotado: recibido. Revisa el producto antes de confirmar nada en la app.",
    "received_already": "Ya estaba anotado: recibido.",
    "not_here": "Anotado: no está. Pregunta en casa y a los vecinos, y luego al vendedor por la prueba de entrega."
    "\n¿Sigue sin aparecer? Abre una disputa, motivo «{reason}»:\n{path}",
    "over": "Eso ya ha terminado.",
    "newer": "Ha empeorado desde ese mensaje: mira el más reciente.",
    "used": "Ya estaba anotado.",
    "expired": "Este botón es demasiado antiguo. En el ordenador: orderwatch alerts",
}

#: Lo que se dice de los mensajes mismos.
SPEAKING: Mapping[str, str] = {
    "private_title": "orderwatch: hay algo que hacer",
    "severity_info": "información",
    "severity_notice": "aviso",
    "severity_warning": "advertencia",
    "severity_urgent": "urgente",
    "severity_critical": "crítico",
    "collapsed_orders": "{n} pedidos han cambiado",
    "collapsed_others": "{n} mensajes a la vez",
    "collapsed_more": "y {n} más",
    "open_order": "Abrir pedido",
    "last_call": "⏰ Último aviso · acaba {by}",
    "repeat_mark": "(Puede que ya lo hayas recibido.)",
    "digest_title": "Hoy, {day}",
    "digest_first": "avisos: {news} · plazos en 7 días: {deadlines}",
    "digest_deadlines": "Próximos plazos:",
    "digest_line": "{at}: {name}",
    "stake": "En juego: {what}",
    "stake_priced": "{amounts} en {orders}",
    "stake_some_unpriced": "{amounts} en {orders}, {n} sin precio",
    "stake_unpriced": "{orders} sin precio",
    "stake_soon": "{what} en los próximos {days} días ({by})",
    "stake_all": "todo",
    "stake_part": "de ello, {amounts}",
    "stake_part_and_unpriced": "de ello, {amounts} y {orders} sin precio",
    "stake_by": "hasta el {at}",
    "stake_first_by": "el primero, hasta el {at}",
    "stake_and": "{others} y {last}",
    "missed_title": "No avisado: {title}",
    "missed_deadline": "el plazo acabó el {at}",
    "missed_until": "no pude avisarte a tiempo · hasta el {at}",
    "missed": "no pude avisarte a tiempo",
    "missed_body": "Ningún canal aceptó este mensaje hasta ahora. Era para el {at}.",
    "missed_others": "Tampoco te avisé de esto:",
    "missed_look": "Mira en la app qué se puede hacer aún; lo que sé: orderwatch show {order}",
}

#: Lo que muestra un calendario, según lo que acaba. Se lee semanas antes o después de escribirlo: ningún texto
#: dice cuánto falta.
CALENDAR: Mapping[str, Text] = {
    "protection": Text(
        "Fin de la protección",
        "límite: {by} · {price}",
        """
La protección del comprador acaba el {ends}. Después puedes perder el dinero.
{safe}
¿No ha llegado, o algo está mal? Abre una disputa antes de que acabe:
{path_open}
Ten a mano: {evidence}
¿No hay botón? Pide a Atención al cliente que lo active:
{path_support}
Por qué esta fecha: {why}
""",
    ),
    "post_delivery": Text(
        "Fin para reclamar",
        "límite: {by} · {price}",
        """
Puedes reclamar por lo entregado hasta el {ends}.
{safe}
¿Falta algo, está roto o no es como se describe? Abre una disputa antes de que acabe:
{path_open}
Ten a mano: {evidence}
Por qué esta fecha: {why}
""",
    ),
    "pickup": Text(
        "Recógelo",
        "límite: {by} · {price}",
        """
{Parcel} espera en el punto de recogida hasta el {ends}.
Lleva tu documento y el código o el aviso del transportista.
{film_opening}
Si no lo recoges, vuelve al vendedor, y puede contar como culpa tuya.
Por qué esta fecha: {why}
""",
    ),
    "escalation": Text(
        "Eleva tu disputa",
        "límite: {by} · {price}",
        """
{market} cierra tu disputa del todo si no la elevas a reclamación antes del {ends}:
{path_dispute}
Ten a mano: {evidence}
Por qué esta fecha: {why}
""",
    ),
    "fallback": Text(
        "Fin de plazo, {way}",
        "límite: {by} · {price}",
        """
¿No ha llegado ni el producto ni el dinero? Puedes recuperarlo con {way} hasta el {ends}:
{way_path}
{finish_first}
{way_escalate}
Por qué esta fecha: {why}
""",
    ),
    "answer/offer": Text(
        "Responde a la oferta",
        "límite: {by} · {price}",
        """
La oferta del vendedor espera hasta el {ends}. Acéptala, recházala o pide otra cosa:
{path_offer}
Si no respondes, puede cerrarse con la última propuesta, o decidirse en tu contra.
Por qué esta fecha: {why}
""",
    ),
    "answer/request": Text(
        "Esperan tu respuesta",
        "límite: {by} · {price}",
        """
{market} espera tu respuesta sobre la disputa hasta el {ends}:
{path_dispute}
Ten a mano: {evidence}
Si no respondes, puede decidirse en tu contra, o cerrarse con la última propuesta.
Por qué esta fecha: {why}
""",
    ),
    "appeal": Text(
        "Último día para apelar",
        "límite: {by} · {price}",
        """
{market} decidió a favor del vendedor. Puedes apelar hasta el {ends}, si tienes algo nuevo que enseñar:
{path_appeal}
Ten a mano: {evidence}
Si no apelas, la decisión queda así.
Por qué esta fecha: {why}
""",
    ),
    "return": Text(
        "Devuélvelo",
        "límite: {by} · {price}",
        """
La devolución debe salir antes del {ends}. La app muestra el día real.
Usa la etiqueta de la app, embálalo bien, guarda el resguardo y pon el número de seguimiento en la disputa:
{path_dispute}
Tarde, o sin número: pueden negarte el reembolso.
Por qué esta fecha: {why}
""",
    ),
    "seller/silent": Text(
        "¿Resuelto a tu favor?",
        "mira la disputa · {price}",
        """
{seller_time}. ¿No respondió? Entonces debería resolverse a tu favor.
Mira si es así:
{path_dispute}
¿Hay respuesta u oferta? Contesta ya. ¿Ni una ni otra? Pregunta a Atención al cliente:
{path_support}
Por qué esta fecha: {why}
""",
    ),
    "seller/answered": Text(
        "¿Decide {market}?",
        "mira la disputa · {price}",
        """
{seller_time}. Sin acuerdo, ahora debería decidir {market}.
Mira si es así, y añade lo que tengas:
{path_dispute}
{market} puede preguntarte algo y esperar solo {answer_range}: míralo cada día.
Por qué esta fecha: {why}
""",
    ),
    "mediation": Text(
        "Toca decisión",
        "mira la disputa · {price}",
        """
La decisión debería haber llegado en {mediation_days}.
Mira si algo espera tu respuesta:
{path_dispute}
Si no, pregunta a Atención al cliente cuándo decidirán:
{path_support}
Por qué esta fecha: {why}
""",
    ),
    "mediation/replacement": Text(
        "¿Ha llegado el cambio?",
        "mira la disputa · {price}",
        """
Acordasteis que te envían otro. ¿Ha llegado y está bien? Cancela la disputa en la app.
¿No ha llegado? No la canceles. Pide a {market} que intervenga mientras está abierta:
{path_dispute}
Por qué esta fecha: {why}
""",
    ),
    "refund/return": Text(
        "¿Llegó la devolución?",
        "mira la disputa · {price}",
        """
Lo devolviste. Cuando lo tenga el vendedor, deben enviar el reembolso. Mira si lo han hecho:
{path_dispute}
¿Sin reembolso? Pregunta a Atención al cliente, con el resguardo y el número de la devolución:
{path_support}
Por qué esta fecha: {why}
""",
    ),
    "refund": Text(
        "Toca el reembolso",
        "mira tu banco · {price}",
        """
El dinero ya debería estar ahí. Mira la cuenta o la tarjeta con la que pagaste.
¿No está? Pregunta a Atención al cliente, con el número de pedido:
{path_support}
Por qué esta fecha: {why}
""",
    ),
}

#: De dónde viene un día: lo que pasó, y lo que se cuenta desde entonces.
WHY: Mapping[str, str] = {
    "protection until": "lo dice tu archivo de pedidos: protección hasta el",
    "shipped": "enviado el",
    "first scan": "visto por primera vez el",
    "paid": "pagado el",
    "ordered": "pedido el",
    "delivered": "entregado el",
    "the seller promised": "prometido por el vendedor para el",
    "the carrier expects": "previsto por el transportista para el",
    "the carrier keeps it until": "el transportista lo guarda hasta el",
    "answer due": "lo anotaste: respuesta hasta el",
    "offer received": "oferta recibida el",
    "request received": "pregunta recibida el",
    "decided": "decidido el",
    "appeal until": "lo anotaste: apelar hasta el",
    "appealed": "apelada el",
    "return approved": "devolución aceptada el",
    "return to be sent by": "lo anotaste: devolverlo hasta el",
    "return shipped": "devuelto el",
    "dispute opened": "disputa abierta el",
    "the seller must answer by": "lo anotaste: respuesta del vendedor hasta el",
    "refund issued": "reembolso enviado el",
    "decided for you": "decidido a tu favor el",
    "agreed": "acordado el",
    "on": "{what} {day} {month} {year}",
    "plus": "{since} + {span} ({market}, {source})",
    "source guide": "de una guía pública",
    "source public": "de sitios públicos",
    "source project": "lo elige orderwatch",
    "source your configuration": "tu configuración",
    "estimated": "{why}; es un cálculo, vale lo que diga la app",
    "safe": "Seguro solo hasta el {at}; después no cuentes con ello.",
}

#: Lo que se dice de una propuesta: qué habla a su favor, qué pedir y qué preguntarse.
ADVICE: Mapping[str, str] = {
    "because": "{what}, {since}",
    "because_dispute_cancelled": "abriste una disputa por eso y la cancelaste",
    "because_duplicate_charge": "anotaste que pagaste dos veces",
    "ask": "{way}, {how_much}",
    "ask_either": "{product_return}; pero {refund_only} si alguna respuesta es que sí",
    "refund_only": "Solo reembolso",
    "product_return": "Devolución",
    "refund_full": "todo",
    "refund_part": "una parte",
    "refund_second_payment": "el segundo pago",
    "why_nothing_back": "no hay nada que devolver",
    "why_part_here": "una parte del pedido está aquí",
    "why_cheap": "es demasiado barato para devolverlo",
    "why_bulky": "abulta mucho para devolverlo",
    "why_costly": "devolverlo cuesta demasiado para su precio",
    "why_worth_it": "es fácil de devolver, y con la devolución recuperas todo el dinero",
    "question_price": "¿Vale menos de lo que cuesta devolverlo?",
    "question_bulky": "¿Abulta o pesa mucho?",
    "question_cost": "¿Te costaría mucho devolverlo? (Nada, si el anuncio dice devolución gratis.)",
    "question_part": "¿Cuánto vale lo que falta?",
}

#: Lo que se responde a lo anotado. Una causa es por qué puede faltar el botón de la disputa.
RECORDED: Mapping[str, str] = {
    "no_button_now": "No esperes al botón: pide YA a Atención al cliente que lo active. {protection}",
    "no_button_why": "Por qué puede faltar, lo más probable primero:",
    "cause_dispute_open": "Hay una disputa abierta, desde el {opened}. Entonces el camino lleva a ella: {path_dispute}",
    "cause_protection_over": "{protection} Pregunta a Atención al cliente qué se puede hacer aún.",
    "cause_too_early": "Es pronto: el botón suele salir {wait} después del envío. Puede estar {opens}.",
    "cause_too_early_elsewhere": "Es pronto: el botón puede estar {opens}.",
    "cause_still_shipped": "Entregado el {delivered}, pero quizá el pedido siga «enviado». Míralo, "
    "y otra vez mañana: {path_order}",
    "cause_not_delivered": "Que yo vea, no está entregado. Los {post_days} para reclamar empiezan con la entrega; "
    "quizá el botón no salga hasta entonces.",
    "cause_shipping_unknown": "No sé cuándo se envió: el botón suele salir {wait} después. "
    "Escribe shipped_on en el archivo del pedido y te digo el día.",
    "no_button_name": "Puede llamarse de otro modo: busca {button}.",
    "no_button_support": "Si nada de esto ayuda, pide a Atención al cliente que lo active:",
    "support_chat": "chat: {path_support}",
    "support_email": "correo: {email} (número de pedido, qué pasa, tus pruebas; de una guía, sin verificar)",
    "received_dispute": "Tu disputa sigue abierta. ¿Está todo y está bien? Cancélala en la app y anota "
    "dispute-cancelled. Si no, déjala abierta y añade fotos: {path_dispute}",
    "all_fine_dispute": "Tu disputa sigue abierta, así que la sigo vigilando. Cancélala en la app y después: "
    "orderwatch record {order} dispute-cancelled",
    "dispute_opened": "Añade todo lo que tengas y no la canceles antes de tener el dinero: {path_dispute}\n"
    "Ten a mano: {evidence}",
    "due_unknown": "¿Dice la app hasta cuándo? Anótalo otra vez con --due TIME y cuento con eso.",
    "due_over": "Ese plazo ya ha pasado. Mira ya si la han cerrado: {path_dispute}",
    "still_waits_offer": "La oferta del vendedor sigue esperando tu respuesta.",
    "still_waits_request": "{market} sigue esperando tu respuesta.",
    "agreed": "Deja abierta la disputa hasta tener el dinero: una vez cancelada, solo sirve abrir otra.",
    "agreed_replacement": "Deja abierta la disputa hasta que llegue el cambio y esté bien.",
    "claim": "Mira la disputa cada día: {market} puede preguntarte algo y esperar solo {answer_range}. "
    "Entonces: orderwatch record {order} request --due TIME",
    "appealed": "Añade lo nuevo: {path_dispute}",
    "return_approved": "{drop_off} Usa la etiqueta de la app y guarda el resguardo.",
    "return_shipped": "Guarda el resguardo y pon el número en la disputa: {path_dispute}",
    "charge_back": "El segundo pago ha vuelto. El pedido sigue, y lo vigilo como antes.",
    "ended": "Con esto acaba: no digo nada más de este pedido. ¿Ha sido un error? orderwatch record {order} undo",
    "ended_before": "Este pedido ya se había acabado, así que no se dice nada más de él. "
    "Abrir una disputa, u orderwatch record {order} undo, lo cambia.",
    "unchanged": "Ya estaba anotado: no cambia ninguna fecha.",
    "undone": "¿Era un error? Anótalo otra vez con --at; undo solo quita.",
}

SPANISH = Catalogue(
    language="es",
    weekdays=WEEKDAYS,
    months=MONTHS,
    decimal=",",
    signs=SIGNS,
    counted=COUNTED,
    texts=TEXTS,
    service=SERVICE,
    ends=ENDS,
    service_ends=SERVICE_ENDS,
    statuses=STATUSES,
    phrases=PHRASES,
    buttons=BUTTONS,
    replies=REPLIES,
    speaking=SPEAKING,
    calendar=CALENDAR,
    why=WHY,
    drafts=DRAFTS,
    advice=ADVICE,
    dossier=DOSSIER,
    recorded=RECORDED,
)
