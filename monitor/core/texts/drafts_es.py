"""Español: lo mismo que en inglés, para que el comprador entienda lo que envía.

Al vendedor se le habla de «usted», al comprador (entre corchetes) de «tú». `{which}` lleva su artículo,
«el pedido 123», así que no puede ir detrás de «de» ni de «a».
"""

from collections.abc import Mapping

from monitor.core.texts import Complaint, DraftTexts

MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)

#: Los textos según su clase: adónde van y qué son.
TITLES: Mapping[str, str] = {
    "description": "Para el formulario de la disputa: {reason}",
    "first_contact": "Al vendedor, antes de la disputa: {reason}",
    "ask_shipping": "Al vendedor: ¿cuándo lo envía?",
    "proof_of_delivery": "Al vendedor: prueba de entrega",
    "counter_offer": "Al vendedor: otro importe",
    "decline_offer": "Al vendedor: no a la oferta",
    "mediation": "En la disputa: pedir una decisión",
    "appeal": "En la disputa: recurrir",
    "enable_dispute": "A Atención al cliente: falta el botón",
    "refund_status": "A Atención al cliente: ¿dónde está el reembolso?",
    "second_charge": "A Atención al cliente: cobrado dos veces",
}

LETTERS: Mapping[str, str] = {
    "description": """
{defect}

{facts}

{attached}
{proposal}
Gracias por su ayuda.
""",
    "first_contact": """
Hola.
Le compré «{title}» el {ordered}.
| Le compré «{title}».

{defect}
{facts}

{attached}
{ask}
Me gustaría resolverlo con usted, sin una disputa.
Gracias.
""",
    "ask_shipping": """
Hola.
Le compré «{title}».

Pagué el {paid}, hace {paid_days}.
| Hice el pedido el {ordered}, hace {ordered_days}.
No veo que se haya enviado {which}.

Por favor, dígame cuándo lo va a enviar.
Si no puede enviarlo, por favor, cancele el pedido y devuélvame el dinero.
Gracias.
""",
    "proof_of_delivery": """
Hola.
{defect}
El lugar que indica el seguimiento es {delivered_in}.
La dirección de mi pedido es {home}.
{elsewhere}Es otro lugar.
El número de seguimiento es {number}.

Por favor, pida la prueba de entrega al transportista y envíemela.
Debe mostrar la dirección, la fecha y quién recibió el paquete.
Gracias.
""",
    "counter_offer": """
Hola.
Gracias por su oferta: {offered}.
No es suficiente para mí, porque {too_little}.

El precio del pedido fue de {price}.
{goods}Propongo un reembolso de {amount}, sin devolución.
| Propongo un reembolso de {amount}.
Si está de acuerdo, por favor, cambie su oferta y la aceptaré.
Gracias.
""",
    "decline_offer": """
Hola.
Gracias por su oferta: {offered}.
Lo siento, pero no puedo aceptarla, porque {too_little}.

Sigo pidiendo la solución que indiqué en la disputa.
Puede enviarme una oferta nueva.
Gracias.
""",
    "mediation": """
Pido a {market} que mire esta disputa y decida.

{defect}
{facts}

Abrí la disputa el {opened}, hace {open_days}.
| Abrí la disputa el {opened}.
El vendedor respondió el {answered}, pero no tenemos acuerdo.
| No tenemos acuerdo.
{attached}
{proposal}
Gracias por su ayuda.
""",
    "appeal": """
Pido a {market} que revise la decisión del {decided} sobre {which}.
| Pido a {market} que revise la decisión sobre {which}.
Tengo pruebas nuevas: {new_evidence}.
Demuestran: {new_point}.

{defect_again}
{attached}
{proposal}
Gracias por su ayuda.
""",
    "enable_dispute": """
Hola.
No puedo abrir una disputa sobre {which}.
No hay botón para ello en los detalles del pedido.

{defect_again}
{facts}
La protección del comprador acaba el {protection_end}.

Por favor, active la disputa para este pedido, o abra un caso por mí.
Gracias por su ayuda.
""",
    "refund_status": """
Hola.
No he recibido el reembolso de {refunded} por {which}.
| No he recibido el reembolso por {which}.

Se emitió el {issued}.
| La disputa se decidió a mi favor el {won}.
| El vendedor y yo llegamos a un acuerdo el {agreed}.
He esperado {refund_wait}.

Por favor, mire dónde está el dinero.
Por favor, envíeme la referencia del pago, para que mi banco pueda buscarlo.
Gracias por su ayuda.
""",
    "second_charge": """
Hola.
{defect}

{facts}

{attached}
Por favor, compruebe los dos pagos y devuélvame el segundo cobro.
Gracias por su ayuda.
""",
}

#: Las frases que varios motivos comparten.
_NOT_HERE = """
{partly}Falta un paquete en {which}: no ha llegado.
| No he recibido {which}.
"""
_SHIPPED = """
El pedido se envió el {shipped}, hace {shipped_days}.
| El pedido se envió el {shipped}.
"""
_LATE = """
La fecha de entrega prometida era el {promised}, hace {late}.
| El transportista esperaba la entrega para el {expected}, hace {late}.
| El plazo de entrega habitual de este envío acabó el {usual}, hace {late}.
"""
_SCANNED = """
El número de seguimiento es {number}.
{never_scanned}Ningún transportista ha registrado este número.
| El último registro es del {scanned}, en {scanned_in}.
| El último registro es del {scanned}.
"""
_QUIET = """
No hay registros desde hace {quiet}.
"""
_SCAN_TEXT = """
Dice: «{scan_text}».
"""
_HERE = """
Recibí el pedido el {received}.
| El pedido se entregó el {delivered}.
"""
_OFFER = "Por favor, dígame qué me puede ofrecer."

#: Los motivos de la política, y `other` si no se conoce ninguno.
REASONS: Mapping[str, Complaint] = {
    "not_received": Complaint(
        "no recibido",
        _NOT_HERE,
        f"""{_SHIPPED}{_LATE}{_SCANNED}{_QUIET}
{{lost}}Dice: «{{scan_text}}».
| {{undelivered}}El seguimiento no muestra ninguna entrega.
""",
        "Por favor, pregunte al transportista dónde está el paquete, y dígamelo.",
    ),
    "wrong_address": Complaint(
        "entregado en otro sitio",
        f"""{_NOT_HERE}
Pero el seguimiento dice que se entregó el {{delivered}}.
| Pero el seguimiento dice que se entregó.
""",
        """
El lugar que indica el seguimiento es {delivered_in}.
La dirección de mi pedido es {home}.
{elsewhere}Son dos lugares distintos.
El número de seguimiento es {number}.
""",
        "Por favor, pida la prueba de entrega al transportista y envíemela.",
    ),
    "quality": Complaint(
        "calidad",
        """
El artículo que llegó con {which} tiene un fallo.
{fault}
""",
        f"{_HERE}{{fault_when}}",
        _OFFER,
    ),
    "not_as_described": Complaint(
        "no es como se describe",
        "El artículo que llegó con {which} no es como se describe.",
        f"""
El anuncio dice: {{listed}}.
He recibido: {{came}}.
Elegí esta opción: {{variant}}.
{_HERE}""",
        _OFFER,
    ),
    "damaged_in_transit": Complaint(
        "dañado en el transporte",
        """
El artículo que llegó con {which} está dañado.
{damage}
""",
        f"{{package_damage}}\n{_HERE}",
        _OFFER,
    ),
    "missing_parts": Complaint(
        "faltan piezas",
        """
Faltan piezas en {which}.
Falta: {missing}.
""",
        f"""
El anuncio incluye: {{included}}.
En el paquete solo encontré: {{found}}.
{_HERE}""",
        _OFFER,
    ),
    "wrong_item": Complaint(
        "producto equivocado",
        "He recibido un artículo equivocado en {which}.",
        f"""
Pedí: {{item_ordered}}.
He recibido: {{item_came}}.
{_HERE}""",
        _OFFER,
    ),
    "duplicate_charge": Complaint(
        "cobrado dos veces",
        "Me han cobrado dos veces {which}.",
        """
Hice el pedido el {ordered}.
El precio del pedido es de {price}.
El primer cobro fue: {first_charge}.
El segundo cobro fue: {second_charge}.
{outage}
""",
        "Por favor, dígame si ve dos pagos.",
    ),
    "no_tracking": Complaint(
        "sin seguimiento fiable",
        f"""{_NOT_HERE}
No hay un seguimiento fiable.
""",
        f"{_SHIPPED}{_SCANNED}{_QUIET}{_LATE}",
        "Por favor, dígame dónde está el paquete, o envíeme un número de seguimiento que funcione.",
    ),
    "returned_to_seller": Complaint(
        "devuelto al vendedor",
        f"""{_NOT_HERE}
El transportista lo devolvió al vendedor.
""",
        f"""
El paquete va de vuelta desde el {{returning}}.
| El vendedor tiene el paquete otra vez desde el {{returned}}.
{_SCANNED}{_SCAN_TEXT}{{warned}}
""",
        "Por favor, dígame cuándo va a reembolsar el pedido.",
    ),
    "customs_hold": Complaint(
        "aduanas",
        f"""{_NOT_HERE}
La aduana lo retiene.
""",
        f"""
{_SHIPPED}
El paquete lleva {{customs_days}} en la aduana, desde el {{customs}}.
| El paquete está en la aduana desde el {{customs}}.
{_SCANNED}{_SCAN_TEXT}{_QUIET}{{customs_asked}}
""",
        "Por favor, pregunte al transportista qué necesita la aduana, y dígamelo.",
    ),
    "other": Complaint(
        "otro problema",
        """
Hay un problema con {which}.
{problem}
""",
        f"{_SHIPPED}{_HERE}",
        _OFFER,
    ),
}

#: Cómo puede acabar un texto: lo que pide el comprador.
PROPOSALS: Mapping[str, str] = {
    "full": """
Pido un reembolso total de {price} (Solo reembolso).
| Pido un reembolso total (Solo reembolso).
""",
    "partial": """
Puedo quedarme con el artículo.
Pido un reembolso parcial de {amount} (Solo reembolso).
""",
    "return": """
Puedo devolver el artículo, si hay una etiqueta gratuita.
Pido un reembolso total de {price} (Devolución).
| Pido un reembolso total (Devolución).
""",
    "part": "Pido un reembolso de {amount} por la parte que no ha llegado (Solo reembolso).",
    "second_charge": "Pido el reembolso del segundo cobro (Solo reembolso).",
}

#: Lo que solo sabe el comprador.
ASKS: Mapping[str, str] = {
    "amount": "importe y moneda que pides",
    "came": "lo que has recibido, en pocas palabras",
    "customs_asked": "di en una frase si la aduana te ha pedido papeles o dinero",
    "damage": "describe el daño del artículo en una frase",
    "fault": "describe el fallo en una frase",
    "fault_when": "di en una frase cómo lo usas y cuándo aparece el fallo",
    "first_charge": "fecha e importe del primer cobro",
    "found": "lo que había en el paquete",
    "included": "lo que incluye el anuncio",
    "item_came": "artículo, modelo, color y talla que has recibido",
    "item_ordered": "artículo, modelo, color y talla que pediste",
    "listed": "lo que dice el anuncio, en pocas palabras",
    "missing": "lo que falta",
    "new_evidence": "lo que puedes mostrar ahora, en pocas palabras",
    "new_point": "lo que prueba, en pocas palabras",
    "offered": "lo que ofreció el vendedor",
    "outage": "di en una frase si hubo un fallo del servicio cuando pagaste, o borra esto",
    "package_damage": "describe el daño del paquete en una frase",
    "problem": "describe el problema en una frase",
    "second_charge": "fecha e importe del segundo cobro",
    "too_little": "por qué no es suficiente, en pocas palabras",
    "variant": "la opción que elegiste",
    "warned": "di en una frase si el transportista te escribió o te llamó antes",
}

#: Lo que se puede adjuntar, según las listas de pruebas: lo más fuerte primero, en medio de una frase.
EVIDENCE: Mapping[str, str] = {
    "unboxing_video": "el vídeo de la apertura",
    "contents_video": "el vídeo de la apertura",
    "fault_photos": "fotos del fallo",
    "fault_video": "un vídeo del fallo",
    "use_video": "un vídeo del uso correcto",
    "package_photos": "fotos del paquete",
    "item_photos": "fotos del artículo",
    "photos": "fotos del artículo",
    "labels": "fotos de las etiquetas",
    "sku_video": "un vídeo del artículo y su etiqueta",
    "comparison": "una comparación del anuncio y el artículo",
    "contents_list": "una lista de lo prometido y lo recibido",
    "statements": "los extractos del banco",
    "no_delivery": "una captura del seguimiento",
    "tracking": "una captura del seguimiento",
    "delivery_proof": "la prueba de entrega",
    "address": "una captura de la dirección de mi pedido",
    "customs_note": "el aviso de la aduana",
    "listing": "capturas del anuncio",
    "variant": "una captura de la opción que elegí",
    "order_variant": "una captura del pedido",
    "messages": "mis mensajes con el vendedor",
    "questions": "mis preguntas antes del pedido",
    "return_receipt": "el resguardo de la devolución",
}

#: Por qué un texto encaja ahora, según la regla (o lo anotado) que lo dice.
WHY: Mapping[str, str] = {
    "not_shipped": "Pagaste, y nada indica que se haya enviado.",
    "customs_hold": "El paquete está parado en la aduana.",
    "returning": "El paquete vuelve al vendedor.",
    "returned": "El vendedor tiene otra vez el paquete.",
    "parcel_exception": "El transportista da el paquete por perdido, dañado o anulado.",
    "delivered_elsewhere": "Se entregó en un sitio que no es tu dirección.",
    "delivered_unconfirmed": "El seguimiento dice entregado, y no has anotado que lo tengas.",
    "estimate_missed": "Ha pasado la fecha de entrega, y no está aquí.",
    "no_tracking": "Ningún transportista ha visto el paquete.",
    "tracking_stalled": "No hay noticias del paquete desde hace demasiado.",
    "duplicate_charge": "Anotaste que pagaste dos veces.",
    "no_button": "Anotaste que no hay botón para abrir una disputa.",
    "escalation_available": "La disputa lleva días abierta, y no hay acuerdo.",
    "seller_silent": "El plazo del vendedor para responder ha acabado.",
    "becomes_claim": "El plazo del vendedor ha acabado, y no hay acuerdo.",
    "mediation_overdue": "Ya debería haber una decisión.",
    "answer_due": "La oferta del vendedor espera tu respuesta.",
    "appeal_possible": "La decisión fue para el vendedor.",
    "refund_due": "El reembolso se retrasa.",
}

PHRASES: Mapping[str, str] = {
    "day": "{day} de {month} de {year}",
    "which": "el pedido {id}",
    "which_unnumbered": "mi pedido",
    "which_again": "este pedido",
    "attached": "Adjunto {things}.",
    "and": "{things} y {last}",
    "more_files": "más archivos",
    # alrededor de un texto
    "asks": "Complétalo antes de enviarlo:",
    "endings": "O pide otra cosa al final:",
}

DRAFTS = DraftTexts(
    heading="Solo para leer. Se envía el texto en inglés.",
    months=MONTHS,
    titles=TITLES,
    letters=LETTERS,
    reasons=REASONS,
    proposals=PROPOSALS,
    asks=ASKS,
    evidence=EVIDENCE,
    why=WHY,
    phrases=PHRASES,
)
