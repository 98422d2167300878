"""The words of scans: what carriers write, by what it says of a parcel and by language.

How a phrase is written, commas between phrases:

    out for delivery        these words, one after the other
    retenid*                a word that begins so (four letters or more before the star)
    sender/shipper          one of these
    returned … sender       in this order, with up to six words and no comma between
    HELD + CUSTOMS          in any order, in the same way
    CUSTOMS                 in capitals: one of the words of that list in `LISTS`

Case and marks do not matter (é is e), and ä, ö, ü are found as a, o, u and as ae, oe, ue.
All words of a phrase stand in one sentence. `scan_words` reads the tables and says what denies a phrase.
"""
# ruff: noqa: RUF001, scans are written in Cyrillic too

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.core.model import ShipmentStatus

#: Phrases, or words, by language.
ByLanguage = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing that a text may say, and the phrases that say it."""

    status: ShipmentStatus
    phrases: ByLanguage
    #: Phrases that make those of the same clause say nothing.
    unless: ByLanguage = field(default_factory=dict)
    #: Whether what is still to come counts: "will be returned" does, "will be ready" does not.
    announced: bool = False


#: Words for one thing, to be named in phrases.
LISTS: Mapping[str, ByLanguage] = {
    "en": {
        "CUSTOMS": "customs",
        "CLEARANCE": "clearance clearing",
        "HELD": """held hold detained detention retained retention stopped blocked seized seizure
            confiscated intercepted withheld impounded stuck suspended""",
        "DELAY": "delay delays delayed",
        "FAILED": "failed failure refused rejected denied declined prohibited forbidden unsuccessful",
        "CLEARED": "cleared released release approved",
        "COMPLETE": "complete completed completion finished success successful successfully ended done",
        "DUTIES": "duty duties tax taxes vat tariff tariffs",
        "CHARGES": "charge charges fee fees",
        "ASKED": """required requires requested requests needed need needs missing incomplete insufficient
            incorrect invalid lacking provide submit upload""",
        "PAPERS": "document documents documentation paperwork",
        "DETAILS": """information details data declaration certificate licence license permit id
            identification passport eori number instructions""",
        "SENDER": "sender shipper seller merchant consignor",
        "RECIPIENT": "recipient addressee consignee receiver customer buyer",
        "PARCEL": "package parcel shipment item consignment mail mailpiece",
        "PICKUP": "pickup collection collecting",
        "ADDRESS": "address",
        "BAD": "incorrect incomplete insufficient wrong bad invalid unknown inaccurate illegible",
    },
    "es": {
        "CUSTOMS": "aduana aduanas aduaner*",
        "HELD": """retenid* detenid* bloquead* incautad* decomisad* confiscad* intervenid* parado parada
            paralizad* retencion inmovilizad*""",
        "DUTIES": "arancel* impuesto impuestos tasa tasas tributo tributos derechos iva gravamen gravamenes",
        "PAY": "pago pagar abonar abono pendiente pendientes impagad* adeud*",
        "PAPERS": "documentacion documento documentos factura justificante",
        "ASKED": """pendiente pendientes requerid* requiere requieren necesari* necesita necesitan
            solicitad* falta faltan incomplet* esperando espera aportar""",
        "DONE": "finalizad* completad* terminad* concluid* realizad* superad*",
        "PARCEL": "envio paquete pedido",
    },
    "fr": {
        "CUSTOMS": "douane douanes douanier* douaniere*",
        "HELD": "retenu* bloque* saisi saisie saisis immobilise* detenu* intercepte* retention",
        "DUTIES": "droits taxe taxes tva frais",
        "PAY": "payer paiement regler reglement acquitter dus dues impaye*",
        "PAPERS": "document documents facture justificatif* piece pieces formulaire certificat licence",
        "ASKED": """manquant* requis requise* demande demandee* demandes demandees necessaire* incomplet*
            incorrect* attente fournir absent* exige*""",
        "DONE": "termine* acheve* effectue* complete* finalise* fini*",
        "SENDER": "expediteur envoyeur",
        "PARCEL": "colis envoi expedition",
    },
    "de": {
        "CUSTOMS": """zoll zollamt* zollabfertig* zollbehörd* zollbehand* zollverfahren zollverwaltung
            zollprüf* zollkontroll* zollstelle* zollbeamt* zollbereich* verzollung* einfuhrzoll*
            ausfuhrzoll* importzoll* exportzoll*""",
        "HELD": """festgehalten zurückgehalten aufgehalten angehalten einbehalten beschlagnahmt
            sichergestellt gestoppt blockiert zurückbehalten festgesetzt""",
        "DUTIES": """zollgebühr* zollabgab* zollkosten zollbetrag einfuhrabgab* einfuhrumsatzsteuer
            einfuhrsteuer* einfuhrkosten steuern mehrwertsteuer zölle""",
        "PAY": "zahlen bezahlen zahlung fällig offen ausstehend* entrichten begleichen nachentgelt",
        "PAPERS": """unterlagen zollunterlag* dokument* zolldokument* handelsrechnung rechnung
            zahlungsnachweis* kaufnachweis* nachweis* zollinhaltserklärung* papiere""",
        "ASKED": """fehlen fehlend* fehlt benötigt* erforderlich* angefordert* notwendig* unvollständig*
            ausstehend* nachreichen wartet warten""",
        "DONE": "abgeschlossen beendet erfolgt erfolgreich abschluss fertiggestellt",
        "PARCEL": "sendung paket päckchen",
        "ADDRESS": "adresse anschrift empfängeradresse zustelladresse",
        "BAD": """falsch fehlerhaft* unvollständig* unbekannt ungültig* unzureichend* inkorrekt* mangelhaft*
            falsche""",
    },
    "pt": {
        "CUSTOMS": "alfandega alfandegas alfandegari* aduana aduaneir* desalfandegamento",
        "HELD": "retid* apreendid* bloquead* detid* parado parada confiscad* retencao apreensao",
        "DUTIES": "tributo tributos imposto impostos taxa taxas tributacao direitos iva icms",
        "PAY": "pagamento pagar pendente pendentes",
        "PAPERS": "documentacao documento documentos fatura cpf",
        "ASKED": """necessari* solicitad* pendente pendentes exigid* falta faltam faltando aguardando
            aguarda complementar incomplet* requerid* informar""",
        "DONE": "finalizad* concluid* encerrad* terminad* aprovad*",
        "PARCEL": "objeto encomenda envio remessa pacote",
    },
    "ru": {
        "CUSTOMS": "таможн* таможен*",
        "HELD": "задержан* задержк* удержан* изъят* арестован* конфискован* приостановлен* остановлен*",
        "DUTIES": "пошлин* налог* сбор сбора сборы сборов платеж* ндс",
        "PAY": "оплат* уплат*",
        "PAPERS": "документ* инвойс* паспорт* инн декларац* сертификат* сведени*",
        "ASKED": """требу* необходим* запрос* запрош* отсутств* некорректн* неполн* предостав* подтвержден*
            недостат* недостаточн*""",
        "PARCEL": "посылк* отправлени* заказ груз* товар*",
        "BAD": "неверн* неполн* неправильн* некорректн* недостаточн*",
        "RECIPIENT": "получател* адресат* клиент*",
    },
}  # fmt: skip

#: Words that deny what follows them closely, or what they stand within.
DENIALS: ByLanguage = {
    "en": "not no never without nor t cannot unable",
    "es": "no sin nunca tampoco",
    "fr": "pas ne n sans aucun aucune jamais non",
    "de": "nicht kein keine keinen keiner keines ohne nie",
    "pt": "nao sem nunca nem",
    "ru": "не без нет ни",
    "nl": "niet geen",
}

#: The same for what has yet to come; where an announcement counts, they deny nothing.
NOT_YET: ByLanguage = {
    "en": """will shall once when after following until upon before pending prior
        awaiting await awaits waiting wait""",
    "es": "sera estara cuando tras despues antes pendiente espera esperando hasta",
    "fr": "sera seront va vont apres avant lorsque quand attente doit doivent",
    "de": "sobald nach nachdem vor bevor morgen muss müssen erwartet wartet warten",
    "pt": "sera estara quando apos antes depois aguardando aguarda pendente",
    "ru": "будет будут когда после перед ожида* предсто*",
}

#: Phrases of advice: their whole clause tells what can happen, not what has happened.
ADVICE: ByLanguage = {
    "en": """if, may be, may have, may need, may also, may require, may incur, may apply, may result, might,
        could be, could have, in case, in the event, unless, should you, should the, should it, possible,
        possibly, potential, to avoid, subject to, liable, would be, whether, otherwise""",
    "es": """si, puede ser, puede estar, pueden ser, podria*, podra ser, podran ser, puede haber, en caso de,
        en caso contrario, es posible que, sujeto a, sujeta a, sujetos a, para evitar, de lo contrario,
        caso o, caso a""",
    "fr": """si, s il n, s il est, peut etre retenu*/retourne*/renvoye*/soumis/bloque*, peuvent etre,
        pourra etre retenu*/retourne*/renvoye*/soumis, pourrait, pourraient, en cas de, en cas d, eventuel*,
        soumis a, susceptible*, sous reserve, afin d eviter, pour eviter, passe ce delai""",
    "de": """wenn, falls, sofern, sollte, sollten, möglicherweise, eventuell, gegebenenfalls, ggf, anfallen,
        andernfalls, danach, um … zu vermeiden, im falle""",
    "pt": """se o, se a, se nao, se voce, se houver, caso o, caso a, caso nao, caso haja, caso voce,
        podera ser, poderao ser, pode ser devolvid*/retid*/tributad*/taxad*/cobrad*/apreendid*, podem ser,
        poderia*, em caso de, sujeito a, sujeita a, sujeitos a, eventua*, para evitar, caso contrario""",
    "ru": "если, может, могут, в случае, возможно, возможн*, при необходимости, во избежание, иначе",
    "nl": "als, indien",
}

#: What says that money was paid, or that none is due.
_PAID: ByLanguage = {
    "en": """been paid, have/has/was/were/are/is/fully/already paid,
        duty/duties/tax/taxes/vat/charges/fees paid, paid the, prepaid,
        payment … received/confirmed/completed/successful/processed/made/approved, received … payment,
        not required, not needed, exempt, waived, on/upon delivery, SENDER, refund*, refused/refuses""",
    "es": """pagad*, abonad*, pago … realizado/recibido/confirmado/efectuado/aceptado, exento, exenta,
        remitente, no se requiere, en el momento de la entrega""",
    "fr": """paye, payes, payee, payees, regles, reglee, reglees, acquitte*,
        paiement … recu/effectue/confirme/accepte, exonere*, a la livraison, expediteur""",
    "de": """bezahlt, gezahlt, beglichen, entrichtet, zahlung … erhalten/eingegangen/erfolgt/bestätigt,
        befreit, bei zustellung, absender""",
    "pt": """pago, paga, pagos, pagas, pagamento confirmado/recebido/aprovado/realizado,
        pagamento foi efetuado, dispensad*, isent*, remetente""",
    "ru": "оплачен*, уплачен*, внесен*, поступил*, получена, отправител*",
}  # fmt: skip

#: What a thing waits for when it is the carrier who fetches it, or a person who brings it back to a depot.
_NOT_THE_BUYER: ByLanguage = {
    "en": "SENDER, carrier, courier, driver, airline, warehouse",
    "es": "remitente, transportista, vendedor",
    "fr": "expediteur, transporteur, vendeur",
    "de": "absender, zusteller, spediteur, versender",
    "pt": "remetente, transportadora, vendedor",
    "ru": "отправител*, курьер*, перевозчик*, продавц*",
}

_BACK_AT_A_DEPOT: ByLanguage = {
    "en": """CUSTOMS, depot, facility, station, hub, terminal, office, branch, driver, center, centre, label,
        goods, redelivery, money, refund""",
    "es": "CUSTOMS, oficina, unidad, centro, almacen, delegacion, gratuit*, importe, reembolso",
    "fr": "CUSTOMS, agence, depot, site, centre, bureau, plateforme",
    "de": "CUSTOMS, zustellbasis, depot, paketzentrum, möglich, rücksendeetikett, de/du/d/en/la/le/au/douane",
    "pt": "CUSTOMS, aos correios, unidade, centro, proibid*, agencia, reembolso",
    "ru": "CUSTOMS, денег, денежн*, средств, досыл*, запрещен*, платеж*",
}

_HELD_BY_CUSTOMS: ByLanguage = {
    "en": "HELD + CUSTOMS, refused/rejected/denied + CUSTOMS/import/clearance",
    "es": "CUSTOMS",
    "fr": "CUSTOMS",
    "de": "CUSTOMS",
    "pt": "CUSTOMS",
    "ru": "CUSTOMS, выпуск*",
}

#: In the order in which they count: where a text says several, the first decides.
SAYINGS: tuple[Saying, ...] = (
    # The sender has it again.
    Saying(
        ShipmentStatus.RETURNED,
        {
            "en": """delivered to SENDER, delivered to the SENDER, returned to SENDER and delivered,
                returned to the SENDER and delivered, delivered to original SENDER,
                delivered to the original SENDER, delivered back to, handed back to,
                handed over to the SENDER, given back to, returned and delivered, return completed,
                return complete, return delivered, return shipment delivered, return parcel delivered,
                return … received by … SENDER, received by SENDER, received by the SENDER,
                received by original SENDER, SENDER has received, SENDER received, successfully returned to""",
            "es": """entregad* al remitente, entregad* a remitente,
                devolucion entregada/completada/finalizada/realizada, recibid* por el remitente,
                devuelto y entregado, retorno entregado, entrega al remitente""",
            "fr": """livre a l expediteur, distribue a l expediteur, remis a l expediteur,
                rendu a l expediteur, restitue a l expediteur, retour livre, retour termine, retour effectue,
                recu par l expediteur, recupere par l expediteur""",
            "de": """absender zugestellt/ausgeliefert/ausgehändigt/zurückgegeben, absender übergeben,
                rücksendung … zugestellt/abgeschlossen, retoure … zugestellt/abgeschlossen,
                vom absender erhalten, absender hat … erhalten""",
            "pt": """entregue ao remetente, devolucao concluida/entregue/finalizada/efetuada,
                recebid* pelo remetente, devolvido e entregue""",
            "ru": """вручен* отправител*, вручение отправител*, выдан* отправител*, получен* отправителем,
                возврат вручен*, возврат завершен*, возврат получен*, возвращен* и вручен*""",
        },
        unless={"en": "on behalf, proof", "de": "noch"},
    ),
    # On the way back to the sender.
    Saying(
        ShipmentStatus.RETURNING,
        {
            "en": """return/returned/returning … SENDER/origin, back to SENDER, back to the SENDER,
                back to origin, being returned, on its way back, on the way back, sent back,
                return initiated/started, return in progress/transit, return process, return to origin,
                return of uncleared, returns agent, rts, return/returned to … warehouse""",
            "es": """devuelt*/devolucion/devolver/devolviendo/retorno/retornad*/retornando … remitente/origen,
                en devolucion, en retorno, de vuelta al remitente,
                devolucion iniciada/solicitada/autorizada""",
            "fr": """retourne/retournee/retournes/retour/renvoye*/reexpedie* … SENDER, en cours de retour,
                va etre retourne*, retour a l envoyeur, est en retour""",
            "de": """rücksendung/rückversand/rücktransport … absender, zurück … absender, absender … zurück,
                zurückgesendet, zurückgesandt, zurückgeschickt,
                rücksendung eingeleitet/veranlasst/gestartet/beauftragt, absender zurückgesendet,
                retour an/absender, auf dem rückweg""",
            "pt": """devolvid*/devolucao/retorno/retornad*/retornando … remetente/origem, em devolucao,
                sera devolvid*, saiu para entrega ao remetente, devolucao autorizada/determinada/solicitada""",
            "ru": "возвращ*/возврат … отправител*, возвращается, обратно … отправител*, отправлен* обратно",
            "nl": "retour/teruggestuurd … afzender, terug naar afzender",
        },
        unless={"pt": "proibid*", "en": "label"},
        announced=True,
    ),
    Saying(
        ShipmentStatus.RETURNING,
        {
            "en": "returned, PARCEL returning",
            "es": "devuelt*, devolucion",
            "fr": "retourne, retournee, retournes",
            "de": "rücksendung, retour, retoure, rückläufer",
            "pt": "devolvid*, devolucao",
            "ru": "возврат, возврата, возвращен*",
        },
        unless=_BACK_AT_A_DEPOT,
        announced=True,
    ),
    # Lost, broken, destroyed, cancelled.
    Saying(
        ShipmentStatus.EXCEPTION,
        {
            "en": """damaged, damage report*, PARCEL … lost, lost PARCEL, lost in transit, lost or damaged,
                declared/considered/reported/presumed lost, reported missing, destroyed, disposed, disposal,
                destruction, abandoned, stolen, PARCEL cancelled/canceled, PARCEL was/is cancelled/canceled,
                PARCEL has been cancelled/canceled, cancelled/canceled by""",
            "es": """dañad*, averiad*, deteriorad*, extraviad*, extravio, PARCEL … perdid*, destruid*,
                destruccion, siniestrad*, robad*, PARCEL anulad*/cancelad*,
                PARCEL ha sido anulad*/cancelad*""",
            "fr": """endommage*, abime*, avarie*, deteriore*, PARCEL … perdu*, declare perdu, egare*,
                detruit*, destruction, PARCEL … vole, PARCEL annule*, PARCEL a ete annule*""",
            "de": """beschädigt*, beschädigung, schadensprotokoll, PARCEL … verloren*, PARCEL … abhanden,
                verlust, vernichtet, zerstört, entsorgt, gestohlen, PARCEL storniert,
                PARCEL … wurde storniert""",
            "pt": """avariad*, danificad*, extraviad*, extravio, PARCEL … perdid*, destruid*, destruicao,
                roubad*, refugad*, sinistrad*, PARCEL cancelad*, PARCEL nao localizad*""",
            "ru": """поврежден*, поврежд*, утрачен*, утрата, утраты, утерян*, PARCEL … потерян*, потерян*,
                уничтожен*, уничтожение, утилизац*, утилизирован*, испорчен*, похищен*, PARCEL отменен*,
                PARCEL был отменен*""",
        },
        unless={
            "en": "label, lost and found, lost time, free of damage",
            "fr": "etiquette, temps",
            "de": "etikett, zeit",
            "es": "etiqueta, tiempo",
            "pt": "etiqueta, tempo",
            "ru": "врем*",
        },
        announced=True,
    ),
    # Customs want something of the buyer.
    Saying(
        ShipmentStatus.CUSTOMS_HOLD,
        {
            "en": """DUTIES … due, CUSTOMS/import CHARGES … due,
                DUTIES + payable/owed/outstanding/unpaid/requested,
                CUSTOMS/import CHARGES + payable/owed/outstanding/unpaid/required/requested,
                pay/payment + DUTIES, pay/payment + CUSTOMS/import/clearance CHARGES,
                CUSTOMS/clearance + payment, DUTIES … to be paid, DUTIES … must be paid,
                CUSTOMS CHARGES … to be paid, CUSTOMS CHARGES … must be paid,
                awaiting payment + CUSTOMS/DUTIES, request … import CHARGES,
                unable to collect DUTIES, unable to collect payment DUTIES,
                unable to collect payment … DUTIES""",
            "es": """PAY + arancel*/impuesto/impuestos/tributo/tributos,
                PAY + tasa/tasas/derechos + CUSTOMS/importacion, derechos de aduana + PAY,
                iva + PAY + CUSTOMS/importacion, pago/pagar/abonar + CUSTOMS""",
            "fr": """regularisation … CUSTOMS/dedouanement, PAY + DUTIES + CUSTOMS/dedouanement, droits/taxe/taxes + PAY, droits/taxes/frais a payer,
                paiement + dedouanement, tva a payer""",
            "de": "PAY + DUTIES, zahlung + CUSTOMS, beim zoll … zu zahlen, einfuhrabgaben … zu zahlen",
            "pt": """aguardando pagamento, aguardando o pagamento, aguarda pagamento,
                PAY + tributo/tributos/imposto/impostos, PAY + taxa/taxas/direitos + CUSTOMS/importacao,
                pagamento + despacho postal, objeto tributado, pagamento nao efetuado,
                pagamento nao confirmado, prazo de pagamento encerrado, pagamento + CUSTOMS""",
            "ru": """PAY + пошлин*, PAY + таможенн* платеж*, PAY + таможенн* сбор*, PAY + таможенн* налог*,
                PAY + DUTIES + CUSTOMS, ожидает оплаты + CUSTOMS, квитанц* выставлен*""",
        },
        unless=_PAID,
        announced=True,
    ),
    Saying(
        ShipmentStatus.CUSTOMS_HOLD,
        {
            "en": """ASKED + PAPERS, awaiting/await/pending/waiting … PAPERS,
                ASKED + DETAILS + CUSTOMS/CLEARANCE, awaiting/waiting … DETAILS … CUSTOMS, ASKED + invoice,
                awaiting/pending … invoice, ASKED + proof of value/purchase/payment, awaiting … proof of,
                ASKED + tax id/number, more/additional information … clear, contact + CUSTOMS + release,
                ASKED + CUSTOMS clearance code, ASKED + CUSTOMS code,
                HELD + need/needs … information … importer""",
            "es": """ASKED + documentacion,
                ASKED + documento/documentos/factura/justificante/datos/informacion + CUSTOMS/importacion/despacho,
                ASKED + factura comercial, importacion … aviso … destinatario, requiere documentacion""",
            "fr": """ASKED + PAPERS + CUSTOMS/dedouanement, facture manquante, facture incorrecte,
                facture requise, ASKED + informations/donnees/numero + CUSTOMS/dedouanement,
                documents manquants, documents requis, attente de documents/documentation,
                justificatif* demande*/requis""",
            "de": """ASKED + PAPERS + CUSTOMS, zollunterlagen/zolldokumente + ASKED, handelsrechnung + ASKED,
                zahlungsnachweis + ASKED, ASKED + informationen/angaben/daten + CUSTOMS, unterlagen fehlen,
                fehlende unterlagen/dokumente/rechnung/zollinhaltserklärung,
                zollamt + abholung/abholen/abgeholt, DUTIES … müssen/muss bezahlt/gezahlt/entrichtet werden""",
            "pt": """ASKED + documentacao, aguardando + documentacao,
                ASKED + PAPERS + CUSTOMS/fiscalizacao/importacao, faltam informacoes, acao e necessaria,
                acao necessaria, solicitacao de dados nao atendida, prazo de regularizacao encerrado""",
            "ru": """ASKED + PAPERS + CUSTOMS, ASKED + данн* + CUSTOMS, запрос* документ*,
                требуются документ*, необходим* документ*, отсутств* документ*, не предоставлен* документ*,
                документ* не предоставлен*, неполн* … документ*, требу* … инвойс*""",
        },
        unless={
            "en": "pick, pickup, collect, collection, on/upon/at delivery, received",
            "es": "recogida, recoger, recibid*",
            "fr": "retrait, retirer, recu, recus",
            "de": "filiale, erhalten, eingegangen, liegen vor",
            "pt": "retirada, recebid*",
            "ru": "получен*, собран*, предоставлены, представлены",
        },
        announced=True,
    ),
    # The recipient would not have it, whatever for.
    Saying(
        ShipmentStatus.DELIVERY_FAILED,
        {
            "en": """refused/rejected/declined/refuses/refusal … by RECIPIENT,
                refused/rejected/declined by the RECIPIENT, RECIPIENT … refused/refuses/rejected/declined,
                refusal by RECIPIENT, refusal of shipment/delivery, delivery/shipment refused by,
                delivery not accepted, not accepted by RECIPIENT""",
            "es": "rehusad*/rechazad*/rechazo … destinatario/cliente/receptor, destinatario … rechaz*/rehus*",
            "fr": "refuse/refusee/refus … destinataire/client, destinataire … refuse",
            "de": """empfänger … verweigert, annahme … verweigert, annahmeverweigerung, annahme abgelehnt,
                vom empfänger abgelehnt""",
            "pt": "recusad*/recusa … destinatario/cliente, destinatario/cliente … recusou, cliente recusou",
            "ru": """отказ*/отказал* … RECIPIENT, RECIPIENT … отказал*, отказ от получения, отказ в получении,
                отказ от вручения""",
        },
        unless={
            "en": "CUSTOMS refused/rejected, refused/rejected by CUSTOMS",
            "ru": "отказ в выпуске, информаци*, в выпуске",
        },
        announced=True,
    ),
    # It waits for the buyer at a counter, in a shop or a locker.
    Saying(
        ShipmentStatus.AVAILABLE_FOR_PICKUP,
        {
            "en": """available/ready for pickup/collection, available/ready for pick up,
                available/ready … collection, available for redelivery or pickup,
                available/ready to be picked/collected, ready to collect, awaiting collection,
                waiting … collected, can be picked up, can be collected, hold for pickup,
                held for pickup/collection, collection point for pick up, collection point for pickup,
                held at post office, held at the post office, held at … location for pickup,
                arrived/delivered/received … access/pickup/collection/pick point,
                arrived/delivered … up point, delivered to parcelshop/packstation, pickup available,
                delivered at/in/into/to the parcelshop/parcellocker, delivered in/into/to parcellocker,
                delivered/placed/deposited in/into/to parcel locker/shop,
                delivered/placed/deposited in/into/to a/the parcel locker/shop, placed/deposited … locker,
                waiting for you, available … collect""",
            "es": """disponible … recog*/recogida/retirar/retiro, disponible en oficina/punto/tienda,
                a disposicion del destinatario, a disposicion en oficina, a su disposicion,
                en oficina … recoger, pendiente de … recogid* … oficina/punto/tienda,
                listo/lista para recog*/retirar/retiro, disponible para ser recogid*/retirad*, puede recoger*,
                puede retirar*, para ser recogid*, entregad* en punto de recogida/conveniencia""",
            "fr": """disponible … point/bureau/relais/retrait/agence/consigne/guichet/casier,
                attente d etre retire, en attente de retrait, en attente de votre retrait, pret a etre retire,
                a retirer, mis a disposition, mis a votre disposition, vous attend, peut etre retire,
                livre au/en point, en instance""",
            "de": """abholung … bereit*, bereit zur abholung, bereit … abholung, abholbereit,
                liegt … zur abholung, zur abholung hinterlegt, liegt in der/ihrer filiale/packstation,
                kann … abgeholt werden, kann … abgeholt, in abholstation eingelangt, warten … abholung,
                wartet … abholung""",
            "pt": """aguardando retirada, aguardando levantamento, aguarda levantamento, aguarda recolha,
                disponivel para retirada/levantamento/recolha, disponivel no/na/em ponto/loja/agencia/locker,
                pronto para retirada/levantamento, pronta para retirada/levantamento, disponivel … retirada""",
            "ru": """ожидает … RECIPIENT, ожидает вручения, ожидает получения, ожидает выдачи,
                готов* к выдаче, готов* к получению, можно забрать, можно получить, прибыл* в место вручения,
                прибыл*/доставлен* в пункт выдачи, прибыл*/доставлен* в постамат*,
                прибыл*/доставлен* в почтомат*, прибыл*/доставлен* в центр выдачи, прибыл*/доставлен* в пвз,
                в пункте выдачи, ожида* в пункте выдачи""",
        },
        unless=_NOT_THE_BUYER,
    ),
    # Somebody tried, or cannot.
    Saying(
        ShipmentStatus.DELIVERY_FAILED,
        {
            "en": """delivery attempted, attempted delivery, attempted … deliver, delivery attempt,
                delivery attempts, unsuccessful delivery, unsuccessful attempt, failed delivery,
                failed attempt, delivery impossible, delivery failed, delivery unsuccessful,
                delivery was unsuccessful, delivery has failed, delivery exception,
                RECIPIENT … not available/home/present/found/known, RECIPIENT not at/in,
                RECIPIENT absent/unavailable/unknown/moved/deceased,
                RECIPIENT is/was absent/unavailable/unknown, RECIPIENT has moved, absence … attempted,
                no one/nobody … home/available/present, no one at/was/available, nobody at/was, not at home,
                no authorized recipient, business/shop/company/store closed, business was closed,
                office closed, BAD ADDRESS, BAD or BAD ADDRESS, BAD delivery ADDRESS, BAD RECIPIENT ADDRESS,
                ADDRESS … BAD, ADDRESS problem/issue/error, ADDRESS information needed/required,
                ADDRESS not found, notice left, left notice, card left, left a card, left a notice, carded,
                could not be delivered, could not … deliver*, couldn't … deliver*, can not be delivered,
                cannot be delivered, unable to deliver, undeliverable, undelivered, not delivered, no access,
                unable to access, no such number, moved left no, left no address, unclaimed, missed delivery,
                missed you, no secure location, item oversized""",
            "es": """entrega fallida, entrega … fallid*, intento de entrega, intento fallido,
                intento … fallid*, destinatario ausente, ausente, ausencia, no entregad*, rehusad*,
                no ha sido posible … entreg*, no se ha podido … entreg*, no se pudo … entreg*,
                no pudo ser entregad*, imposible entreg*, imposibilidad de entrega,
                direccion … incorrect*/incomplet*/erronea/insuficiente/desconocida, datos … incorrectos,
                destinatario desconocido, desconocido, dejado aviso, aviso dejado, nadie en,
                establecimiento cerrado, comercio cerrado, cerrado por""",
            "fr": """distribution impossible, livraison impossible, impossible de livrer/distribuer,
                destinataire absent*, destinataire … absent*, absent* lors, absence du destinataire, refuse,
                refusee, adresse … incorrect*/incomplet*/erronee/inconnue/insuffisante, non distribuable,
                non distribue, non livre, pas pu … livre/livrer/distribue/distribuer/remis/remettre/presente,
                ne peut … etre livre, echec de livraison, echec de la livraison, echec … tentative,
                tentative de livraison, tentative infructueuse, avis de passage, n habite pas,
                destinataire inconnu, acces … impossible, entreprise fermee, npai""",
            "de": """nicht angetroffen, niemand … angetroffen, niemanden … angetroffen, niemand zuhause,
                verweigert, nicht zugestellt, nicht … zugestellt, nicht erfolgreich zugestellt,
                nicht ausgeliefert, zustellung … nicht möglich, zustellung … nicht erfolgreich,
                zustellung … fehlgeschlagen, zustellversuch … erfolglos*/fehlgeschlagen/nicht,
                erfolglos* zustellversuch, zustellversuch, ADDRESS … BAD, BAD ADDRESS, ADDRESS nicht gefunden,
                ADDRESS … nicht, anschriftsproblem, empfänger unbekannt/verzogen, empfänger … unbekannt,
                empfänger … verzogen, unzustellbar, benachrichtigungskarte, benachrichtigung hinterlassen,
                geschäft geschlossen, firma geschlossen""",
            "pt": """entrega nao efetuada/realizada, entrega … nao efetuada, entrega nao pode ser,
                nao entregue, carteiro nao atendido, destinatario ausente, recusou, recusad*,
                endereco … incorret*/incomplet*/insuficiente/inexistente/desconhecido,
                inconsistencias … enderecamento, cliente … mudou, cliente desconhecido,
                destinatario desconhecido, tentativa de entrega, tentativa … falhada,
                nao foi possivel … entreg*, empresa sem expediente, nao retirou, numeracao irregular,
                estabelecimento fechado, nao procurado, entrega falhada""",
            "ru": """неудачн* попытк*, неудачн* доставк*, неудачн* вручени*, попытк* … неудачн*,
                отсутстви* адресата, отсутстви* получателя, RECIPIENT … отсутств*, RECIPIENT выбыл*,
                RECIPIENT переехал*, RECIPIENT … не доступен, нет адресата, нет получателя, BAD адрес*,
                BAD указан* адрес*, адрес … BAD, не вручен*, невручен*, не удалось вручить,
                не удалось доставить, не удалось … доставить, не доставлен*, недоставк*, невозможно доставить,
                невозможно вручить, отказ в курьерской, извещение оставлен*, оставлен* извещение""",
        },
        unless={
            **_HELD_BY_CUSTOMS,
            "en": """HELD + CUSTOMS, refused/rejected/denied + CUSTOMS/import/clearance,
                next/new/another delivery attempt, delivery attempt … scheduled, delivery attempt … will,
                not yet, yet, delivery attempt … successful, not delivered … yet""",
            "de": "CUSTOMS, einfuhr, noch nicht, neuer zustellversuch, erneuter zustellversuch",
            "es": "CUSTOMS, todavia, aun, nuevo intento",
            "fr": "CUSTOMS, dedouanement, importation, pas encore, nouvelle tentative",
            "pt": "CUSTOMS, importacao, remetente nao, ainda, nova tentativa de entrega prevista",
        },
        announced=True,
    ),
    Saying(
        ShipmentStatus.DELIVERY_FAILED,
        {"en": "refused, PARCEL rejected, delivery rejected"},
        unless={"en": "CUSTOMS, HELD, import, export, clearance, authorities, authority, airline, carrier"},
        announced=True,
    ),
    # The courier has it in the van.
    Saying(
        ShipmentStatus.OUT_FOR_DELIVERY,
        {
            "en": """out for delivery, out for physical delivery, out with courier, out with … for delivery,
                with courier for delivery, with delivery courier, with courier, vehicle for delivery,
                loaded … delivery vehicle, in the delivery vehicle, on delivery vehicle, being delivered,
                delivery in progress, with the driver, out to delivery, on the way to be delivered,
                expected to be delivered during the day, be delivered in the course of the day,
                handed to courier for delivery""",
            "es": """en reparto, salid* a reparto, salid* para entrega, sale a reparto, salio a reparto,
                en ruta de entrega, en camino para entrega, vehiculo de reparto, en curso de entrega,
                repartidor … en camino, con el repartidor, en manos del repartidor, salio para entrega,
                salida en reparto""",
            "fr": """en cours de livraison, mis en livraison, mis en distribution, est en livraison,
                colis en livraison, en cours de distribution, vehicule de livraison, avec le livreur,
                avec le facteur, pris en charge par le livreur, entre les mains du livreur,
                entre les mains du facteur, en tournee""",
            "de": """zustellfahrzeug, in zustellung, in der zustellung, wird heute zugestellt,
                sendung wird zugestellt, paket wird zugestellt, in auslieferung, zusteller unterwegs,
                zusteller übergeben, zusteller … unterwegs, heute zugestellt werden,
                laufe des tages zugestellt""",
            "pt": """saiu para entrega, saiu para distribuicao, em rota de entrega,
                em distribuicao domiciliaria, com o carteiro, com o estafeta, veiculo de entrega,
                em entrega""",
            "ru": """передан* курьеру, вручается курьером, передан* почтальону, выдан* курьеру,
                доставляется курьером, курьер … доставля*, у курьера, курьер едет, курьер в пути,
                курьер … везет, выдан* на доставку, выехал* … курьер*, передан* водителю""",
        },
        unless={
            "en": "customs … vehicle, not yet, sender",
            "de": "vorbereitet, verladung, absender, zielland",
            "es": "remitente",
            "fr": "expediteur",
            "pt": "remetente, cancelad*",
            "ru": "отправител*",
        },
    ),
    # Customs have let it go.
    Saying(
        ShipmentStatus.IN_TRANSIT,
        {
            "en": """returned from CUSTOMS, returned from … CUSTOMS, CLEARED + CUSTOMS,
                CUSTOMS/import/export hold … released/lifted/removed/resolved, clearance … COMPLETE,
                clearance cleared/approved, COMPLETE … clearance, clearance processing complete,
                CUSTOMS inspection/processing/procedure/procedures/formalities/check/control/examination … COMPLETE,
                left/leaving/departed/exited/leave/leaves CUSTOMS, left/leaving/departed/exited from CUSTOMS,
                left/leaving/departed/exited the CUSTOMS, brokerage … released, out of CUSTOMS,
                clearance process … country … been COMPLETE, passed CUSTOMS, passed through CUSTOMS,
                shipment release, import/export release/released, released by … government agency,
                released by … agency, cleared for import/export, import/export cleared""",
            "es": """levante, liberad* + CUSTOMS, despachad* + CUSTOMS, despachad* de aduana*,
                autorizad* + CUSTOMS, salida/salido/sale/salio de aduana*,
                salida/salido/sale/salio de la aduana*,
                despacho/tramite/tramites/tramitacion/inspeccion/control/proceso … CUSTOMS … DONE,
                DONE + tramitacion/despacho/tramite/tramites + importacion/CUSTOMS, despacho … DONE,
                devuelto de aduana*, abandona* … aduana*, superad* … CUSTOMS, supero … CUSTOMS""",
            "fr": """dedouane, dedouanee, dedouanes, dedouanees, sorti/sortie/sorties de douane,
                sorti/sortie de la douane, libere* + CUSTOMS, dedouanement … DONE, DONE + dedouanement,
                autorise* + CUSTOMS, quitte … douane, formalites douanieres … DONE, controle douanier … DONE,
                retour de douane, retourne de douane""",
            "de": """zollfreigabe, freigegeben + CUSTOMS, freigabe + CUSTOMS, CUSTOMS … DONE, DONE … CUSTOMS,
                verzollt, zoll verlassen, aus dem zoll, zollabfertigung durchlaufen, vom zoll zurück""",
            "pt": """fiscalizacao … DONE, desembaraco … DONE, desembaracad*, liberad* + CUSTOMS,
                liberad* … receita, liberado sem tributacao, objeto liberado, importacao autorizada/aprovada,
                desalfandegad*, saiu da alfandega, saida da alfandega, desalfandegamento … DONE,
                analise concluida … importacao, dispensad* do pagamento""",
            "ru": """выпущен* + CUSTOMS, выпуск разрешен*, выпуск товаров,
                оформлени* … завершен*/окончен*/пройден*, завершен* … таможенн* оформлени*,
                покинул* … таможн*, убыл* из таможн*, прошл* таможн*, прошел таможн*, растаможен*,
                разрешен* + CUSTOMS, возвращен* с/из таможн*, успех … расчистк*, расчистк* завершен*,
                досмотр завершен*""",
            "nl": "ingeklaard, inklaring … afgerond/voltooid, vrijgegeven … douane, douane … vrijgegeven",
        },
        unless={
            "en": "failed, not yet, PICKUP",
            "es": "entregado destinatario",
            "de": "muss, eingeleitet, wird verzollt",
            "ru": "отказ*, продлен*, приостановлен*, срок*, возврат*",
        },
    ),
    # Customs keep it.
    Saying(
        ShipmentStatus.CUSTOMS_HOLD,
        {
            "en": """HELD + CUSTOMS, HELD + CLEARANCE, HELD by custom, HELD in custom, DELAY + CUSTOMS,
                DELAY + CLEARANCE, FAILED + CUSTOMS, FAILED + CLEARANCE,
                import/importation refused/rejected/denied/prohibited/forbidden, refused import,
                HELD … government agency, pending … government agency, awaiting … government agency,
                HELD + import/border authorities, CUSTOMS issue/problem/exception,
                clearance issue/problem/exception, seized, confiscated, unable to clear, prohibited import,
                CUSTOMS retention""",
            "es": """HELD + CUSTOMS, HELD + importacion, retraso + CUSTOMS,
                rechazad*/denegad*/prohibid*/rehusad* + CUSTOMS, importacion rechazada/denegada/prohibida/no,
                incidencia + CUSTOMS, incautado, decomisado""",
            "fr": """HELD + CUSTOMS, HELD + dedouanement, refuse*/rejete*/interdit*/prohibe* + CUSTOMS,
                retard* + CUSTOMS/dedouanement, dedouanement refuse/impossible/echoue,
                importation interdite/refusee, probleme + CUSTOMS/dedouanement""",
            "de": """HELD + CUSTOMS, verzöger* + CUSTOMS, abgelehnt/verweigert/untersagt/verboten + CUSTOMS,
                einfuhr … verweigert/untersagt/verboten/abgelehnt, einfuhrverbot, beschlagnahmt,
                CUSTOMS … fehlgeschlagen""",
            "pt": """HELD + CUSTOMS, HELD + fiscalizacao/receita/anvisa/policia, apreendid* por,
                encaminhado para apreensao, recusad*/proibid*/negad* + CUSTOMS, importacao nao autorizada,
                importacao recusada/proibida/negada, nao foi autorizada a entrada, atras* + CUSTOMS,
                bloqueado … impostos""",
            "ru": """HELD + CUSTOMS, отказ в выпуске, отказано в выпуске, выпуск приостановлен*,
                продлени* срока выпуска, запре* + CUSTOMS, отказ* + CUSTOMS, отказ в импорте,
                импорт запрещен*, не уплачен* + DUTIES, DUTIES … не уплачен*, DUTIES … не оплачен*,
                таможенным уведомлением, обязательной уплатой, не прошл* CUSTOMS,
                не прошл* таможенн* оформлени*""",
            "nl": "vastgehouden … douane, douane … vastgehouden, tegengehouden … douane, invoerrechten … betalen",
        },
        unless={
            "en": "lifted, resolved",
            "ru": "разрешен*",
        },
        announced=True,
    ),
    # Customs have it, and ask for nothing.
    Saying(
        ShipmentStatus.IN_CUSTOMS,
        {
            "en": """presented/submitted/handed/over/transferred/sent/forwarded/delivered to … CUSTOMS,
                clearance … start/started/starts/begun/began/initiated/progress/processing/underway/ongoing/event/status,
                start* … clearance, CUSTOMS/import/export clearance, CUSTOMS status updated,
                CUSTOMS clearance status, awaiting/waiting/wait/pending … clearance,
                awaiting/waiting/pending … CUSTOMS, available for clearance,
                arrived/arrival/received … CUSTOMS, at customs, in customs, into customs, with customs,
                processed/inspected/checked/examined by CUSTOMS, clearing agency, for clearance,
                CUSTOMS inspection/processing/procedure/procedures/examination/control/check/formalities,
                inspection … CUSTOMS, CUSTOMS preparing/verifying, CUSTOMS document processing,
                clearance event, clearance processing, clearance in progress, under clearance""",
            "es": """pendiente/espera/esperando … CUSTOMS, en aduana, en aduanas, en la aduana,
                presentad* + CUSTOMS, llegad* … aduana*, entrada en aduana*, entregado a aduana*,
                enviad* a … aduan*, tramit* + importacion, tramit* + CUSTOMS, despacho aduanero,
                despacho de aduana*, despacho … importacion, inspeccion + CUSTOMS, control + CUSTOMS,
                proceso + CUSTOMS, gestion aduanera, por aduana*""",
            "fr": """en douane, entree en douane, en cours de dedouanement, dedouanement, presente* … douane*,
                arrive* … douane*, controle + CUSTOMS, traitement + CUSTOMS, formalites douanieres,
                par la douane, remis … douane*, inspection + CUSTOMS, attente de dedouanement""",
            "de": """wartet/warten/erwartet … CUSTOMS, zollabfertig*, zoll übergeben,
                zoll … gestellt/vorgelegt/eingetroffen/angekommen/bearbeitet, beim zoll, im zoll,
                vom zoll bearbeitet, durch den zoll, an den zoll, zollprüf*, zollkontroll*, zollamt*,
                verzollung*, wird … verzollt, zollverfahren, exportzoll*, importzoll*, einfuhrzollabfertig*,
                ausfuhrzollabfertig*, zollbehandlung""",
            "pt": """fiscalizacao aduaneira, em fiscalizacao, para fiscalizacao, desembaraco aduaneiro,
                em desembaraco, na alfandega, em alfandega, chegou … alfandega, chegada … alfandega,
                apresentad* … alfandega, autoridade aduaneira, despacho aduaneiro, desalfandegamento,
                controlo aduaneiro, processo de desembaraco, analise + CUSTOMS, aguardando + CUSTOMS, revisao de tributos""",
            "ru": """ожида* … CUSTOMS, на таможн*, передан* таможн*, передан* в таможен*,
                таможенн* оформлени*, таможенн* контрол*, таможенн* досмотр*, таможенн* осмотр*,
                таможенн* очистк*, прием на таможн*, прибыл* … таможн*, принят* на таможн*, осмотрен* таможн*,
                досмотр* таможн*, таможенн* декларировани*, начал* … расчистк*, таможенн* проверк*,
                таможенн* процедур*""",
            "nl": "inklaring, bij de douane, door de douane, aan de douane",
        },
        unless={
            "nl": "afgerond, voltooid",
            "en": "please wait, information sent/received/transmitted, data sent/received/transmitted",
            "es": "ya no",
            "fr": "n est plus, ne sont plus",
            "de": "bitte warten, nicht mehr",
            "ru": "ожидайте, больше не",
        },
    ),
)
