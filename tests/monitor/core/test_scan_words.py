"""What scans say in words: carriers' texts as tables, in six languages."""
# ruff: noqa: RUF001, scans are written in Cyrillic too

import re
from collections.abc import Iterator
from time import perf_counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.core.model import ShipmentStatus
from monitor.core.scan_phrases import ADVICE, DENIALS, LISTS, NOT_YET, SAYINGS
from monitor.core.scan_words import Said, what_words_say

HOLD = ShipmentStatus.CUSTOMS_HOLD
CUSTOMS = ShipmentStatus.IN_CUSTOMS
CLEARED = ShipmentStatus.IN_TRANSIT
RETURNING = ShipmentStatus.RETURNING
RETURNED = ShipmentStatus.RETURNED
FAILED = ShipmentStatus.DELIVERY_FAILED
BROKEN = ShipmentStatus.EXCEPTION
PICKUP = ShipmentStatus.AVAILABLE_FOR_PICKUP
OUT = ShipmentStatus.OUT_FOR_DELIVERY

LANGUAGES = ("en", "es", "fr", "de", "pt", "ru")

#: What carriers and aggregators write, by what it says and by language.
SAID: dict[ShipmentStatus, dict[str, list[str]]] = {
    HOLD: {
        "en": [
            "Held by import Customs",
            "Held by export customs/security",
            "Held by Customs",
            "Held in Customs",
            "Held by customs: duties to be paid",
            "Held, Unable to Collect Payment, Duty and/or Taxes",
            "Unable to collect payment of duties and taxes",
            "Import duties must be paid by the recipient",
            "Your package is being held because we need additional information from the importer",
            "Recipient must provide personal customs clearance code",
            "Your item is being held by customs",
            "The shipment was detained by the customs authorities",
            "Item retained by customs",
            "Parcel seized by customs",
            "Seized",
            "Shipment stopped at customs for inspection",
            "Your package is being held/awaiting clearance",
            "Shipment is on hold pending clearance",
            "The package is pending release from a Government Agency.",
            "Duties or taxes are due on this package.",
            "Import VAT due",
            "Customs duty payment requested",
            "Customs charges due",
            "We need payment of customs charges",
            "Awaiting payment of customs duties",
            "Customs fee must be paid before delivery",
            "Please pay the import duties to release your parcel",
            "Unpaid customs duties",
            "Documents required for customs clearance",
            "Additional information required by customs",
            "Commercial invoice missing",
            "Missing commercial invoice",
            "Awaiting proof of value",
            "Customs requested a proof of purchase",
            "Tax ID required",
            "Insufficient / incomplete / incorrect documentation",
            "Clearance delay - Import",
            "Clearance Delay - Shipment is with customs",
            "Delayed (customs clearance)",
            "Import prohibited by customs",
            "The receiver has been requested to provide information to customs",
            "Package is delayed due to missing paperwork",
            "Tariff code missing on customs declaration",
            "Waiting for payment of import charges",
            "Your parcel will be held by customs until the import fee is paid",
            "Held by custom",
            "Customs clearance delay",
            "Import customs clearance failed",
            "Import clearance failure",
            "Import refused by customs",
            "Rejected by customs",
            "Customs clearance delayed, awaiting documents",
            "HELD BY CUSTOMS",
        ],
        "es": [
            "Retenido en aduana",
            "Retenido en Aduana",
            "Envío retenido por la aduana",
            "Su envío ha sido retenido en la aduana de importación",
            "Paquete bloqueado en aduanas",
            "Mercancía decomisada por la aduana",
            "Pendiente de documentación",
            "Documentación requerida para el despacho",
            "Falta documentación",
            "Pago de aranceles",
            "Pendiente de pago de aranceles e impuestos",
            "Derechos de aduana pendientes de pago",
            "En trámite de importación - Emitido aviso al Destinatario",
            "Importación rechazada por la aduana",
            "Retraso en la aduana",
            "Envío en aduana: pendiente de pago",
            "Requiere pago de impuestos para su despacho",
            "Falta de pago de los derechos de aduana",
        ],
        "fr": [
            "En attente de régularisation des frais de douane",
            "Votre colis est retenu en douane",
            "Retenu en Douane",
            "Facture manquante, votre colis est retenu en douane. Etude du dossier par la douane",
            "Vos colis sont retenus en douane.",
            "Colis bloqué en douane",
            "Envoi saisi par la douane",
            "Droits de douane à payer",
            "Paiement des droits et taxes requis",
            "En attente du paiement des frais de douane",
            "Documents manquants pour le dédouanement",
            "Informations de dédouanement requises",
            "Importation refusée par la douane",
            "Retard de dédouanement",
            "Votre envoi a été bloqué par les services douaniers",
            "Données de virements demandées par la douane",
            "En attente du numéro de TVA, votre colis est retenu en douane",
        ],
        "de": [
            "Einfuhrabgaben müssen bezahlt werden",
            "Die Sendung wird vom Zoll festgehalten",
            "Die Sendung wurde vom Zoll angehalten",
            "Vom Zoll beschlagnahmt",
            "Sendung wird beim Zollamt zurückgehalten",
            "Sendung wird beim Zollamt zurueckgehalten",
            "Zollgebühren fällig",
            "Zollgebuehren faellig",
            "Einfuhrabgaben sind zu zahlen",
            "Zahlung der Einfuhrabgaben erforderlich",
            "Fehlende Unterlagen",
            "Für die Zollabfertigung werden weitere Unterlagen benötigt",
            "Handelsrechnung fehlt",
            "Die Sendung liegt beim Zollamt zur Abholung bereit",
            "Verzögerung bei der Zollabfertigung",
            "Die Sendung wurde vom Zoll im Zielland zurückgehalten.",
            "Zoll: Unterlagen fehlen",
            "Einfuhr vom Zoll verweigert",
            "EINFUHR VOM ZOLL ABGELEHNT",
        ],
        "pt": [
            "Aguardando pagamento",
            "Aguardando pagamento do despacho postal",
            "Fiscalização aduaneira concluída - aguardando pagamento",
            "Aguardando o pagamento do despacho postal",
            "Pagamento não efetuado no prazo",
            "Prazo de pagamento encerrado - Objeto em análise de destinação",
            "Objeto tributado",
            "Retido na alfândega",
            "Objeto retido pela fiscalização aduaneira",
            "Objeto apreendido por órgão de fiscalização",
            "Importação não autorizada",
            "Não foi autorizada a entrada do objeto no país pelos órgãos fiscalizadores",
            "Aguardando documentação fiscal",
            "Faltam informações. Sua ação é necessária",
            "Pagamento de tributos pendente",
            "Informar nº do documento para a fiscalização e entrega do seu objeto.",
            "Encomenda bloqueada na alfândega",
            "Objeto bloqueado por necessidade de revisão de impostos/tributos",
            "Objeto apreendido por: POLICIA FEDERAL - O objeto está em poder da autoridade competente",
        ],
        "ru": [
            "Задержано таможней",
            "Проблема. Задержано таможней.",
            "Посылка задержана на таможне",
            "Таможенное оформление - Отказ в выпуске",
            "Отказ в выпуске. Таможенные платежи не уплачены",
            "Таможенное оформление - Выпуск приостановлен",
            "Продление срока выпуска таможней - Счёт отсутствует",
            "Направлено с обязательной уплатой таможенных платежей",
            "Требуется оплата таможенной пошлины",
            "Ожидается оплата таможенных платежей",
            "Запрос документов и сведений от таможенных органов",
            "Требуются документы для таможенного оформления",
            "Товары изъяты таможенными органами",
            "Запрет от таможни",
            "Таможенное оформление приостановлено",
            "Не прошло таможенное оформление",
            "Квитанция выставлена таможенным органом",
            "Отказ в выпуске возвращаемых товаров",
            "Проблема. Необходимо подтверждение паспортных данных для таможни.",
            "Отказ в импорте – запрещенные вложения",
        ],
        "nl": [
            "Vastgehouden door de douane",
            "Uw pakket wordt door de douane vastgehouden",
        ],
    },
    CUSTOMS: {
        "en": [
            "Item presented to import Customs",
            "Item presented to export customs/security",
            "Inbound Into Customs",
            "Import customs clearance started",
            "Export customs clearance started",
            "Customs clearance in progress",
            "Clearance in Progress",
            "The shipment is being processed by customs",
            "The shipment is pending completion of customs inspection.",
            "Waiting for customs clearance",
            "wait for customs clearance",
            "Arrived at customs",
            "Customs status updated",
            "Clearance event",
            "Customs clearance has not been completed",
            "Package available for clearance",
            "In customs",
            "Handed over to customs",
            "Customs inspection",
            "Sent to customs",
            "Further Clearance Processing is Required",
            "Clearance in progress, documents received",
            "Import clearance event - Recommended to arrange own customs clearance",
            "Package transferred to clearing agency including formal transfer of custody",
            "Customs: document processing",
        ],
        "es": [
            "En aduana",
            "Presentado en aduana",
            "El envío ha llegado a la aduana",
            "En trámites de aduana",
            "En trámite de importación",
            "Despacho aduanero",
            "Inspección de aduana",
            "En proceso de despacho de aduanas",
            "Entrada en aduana",
            "Pendiente de despacho de aduanas",
            "Admitido en aduana",
        ],
        "fr": [
            "Entrée en Douane",
            "Votre colis est en cours de dédouanement",
            "En cours de dédouanement",
            "Présenté en douane",
            "Envoi présenté à la douane d'importation",
            "Contrôle douanier",
            "Colis arrivé en douane",
            "En attente de dédouanement",
            "En traitement par la douane",
        ],
        "de": [
            "Zollabfertigung",
            "Zollabfertigung läuft",
            "Die Sendung befindet sich in der Zollabfertigung",
            "Die Sendung wurde dem Zoll übergeben",
            "Die Sendung wurde dem Zoll vorgelegt",
            "Beim Zoll",
            "Zollabfertigung nicht abgeschlossen",
            "Die Sendung ist beim Zollamt eingetroffen",
            "Einfuhrzollabfertigung gestartet",
            "Zollprüfung",
            "Wartet auf Zollabfertigung",
            "Die Auslandssendung wurde beim Zoll im Zielland vorgelegt",
        ],
        "pt": [
            "Objeto em processo de desembaraço",
            "Encaminhado para fiscalização aduaneira",
            "Objeto encaminhado para fiscalização aduaneira de exportação",
            "Em fiscalização pela Receita Federal",
            "Em desembaraço aduaneiro",
            "Chegada à alfândega",
            "Na alfândega",
            "Em processo de desalfandegamento",
            "Informações enviadas para análise da autoridade aduaneira/órgãos anuentes",
            "Revisão de tributos solicitada pelo cliente",
        ],
        "ru": [
            "Передано таможне",
            "Приём на таможню",
            "Прием на таможню (0. 05 кг)",
            "Прибыло на таможню.",
            "Таможенное оформление",
            "Начато экспортное таможенное оформление",
            "Начало расчистки импорта",
            "Проходит таможенный контроль",
            "Осмотрено таможней",
            "Ожидает таможенного оформления",
            "Передано на таможенное оформление",
            "Таможенное оформление - Требуется досмотр",
        ],
        "nl": [
            "Inklaring gestart",
            "Het pakket ligt bij de douane",
        ],
    },
    CLEARED: {
        "en": [
            "Import customs clearance completed",
            "Export customs clearance complete",
            "Customs clearance completed",
            "Custom clearance completed",
            "The customs clearance process for import into the destination country/region has been completed.",
            "Clearance processing complete at GATEWAY",
            "Customs Clearance Processing Complete",
            "Your package was released by the customs agency.",
            "Released from US Customs",
            "Released from customs hold",
            "Customs hold released",
            "Inbound Out of Customs",
            "International shipment release - Import",
            "Item returned from import Customs",
            "Item returned from customs (import)",
            "Item returned from import Customs/Customs clearance completed",
            "Item returned from customs, clearance completed",
            "Departed from customs",
            "Leaving customs",
            "Customs cleared",
            "Your package cleared customs",
            "Shipment has been given a release by customs",
            "Brokerage released the shipment",
        ],
        "es": [
            "El envío ha superado el control aduanero",
            "Salida de aduana",
            "Liberado de aduana",
            "Despachado en aduana",
            "Despachado de aduana",
            "Despacho de aduanas finalizado",
            "Trámites de aduana finalizados",
            "Levante de la aduana",
            "Autorizado por la aduana",
            "El envío ha salido de la aduana",
            "Finalizada tramitación de importación",
        ],
        "fr": [
            "Sortie de Douane",
            "Sorti de douane",
            "Dédouanement terminé",
            "Votre colis est dédouané",
            "Libéré par la douane",
            "Le dédouanement de votre envoi est terminé",
            "Colis sorti de la douane",
            "Formalités douanières terminées",
        ],
        "de": [
            "Zollabfertigung abgeschlossen",
            "Die Zollabfertigung ist abgeschlossen",
            "Einfuhrzollabfertigung abgeschlossen",
            "Exportzollabfertigung abgeschlossen",
            "Vom Zoll freigegeben",
            "Zollfreigabe erteilt",
            "Abschluss der Zollabfertigung",
            "Die Sendung wurde verzollt",
            "Die Sendung hat den Zoll verlassen",
        ],
        "pt": [
            "Fiscalização aduaneira finalizada",
            "Fiscalização aduaneira concluída",
            "Fiscalização aduaneira finalizada no país de destino",
            "Liberado sem tributação",
            "Desembaraço aduaneiro concluído",
            "Liberado pela alfândega",
            "Saída da alfândega",
            "Análise concluída - importação autorizada",
            "Desalfandegado",
        ],
        "ru": [
            "Выпущено таможней",
            "Таможенное оформление - Выпущено таможней",
            "Выпущено таможенным органом без платежей.",
            "Таможенное оформление завершено",
            "Выпуск разрешен. Таможенные платежи уплачены",
            "Покинуло таможню",
            "Убыло из таможни.",
            "Успех расчистки экспорта",
            "Досмотр завершен",
            "Возвращено с таможни",
        ],
        "nl": [
            "Inklaring voltooid",
            "Uw pakket is ingeklaard",
        ],
    },
    RETURNING: {
        "en": [
            "Return to Sender",
            "Return to sender processed",
            "Returned to shipper",
            "The shipment is returning to sender",
            "Returning package to shipper",
            "Return to sender: refused by addressee",
            "Refused by customs, returning to sender",
            "Unclaimed/Being Returned to Sender",
            "The parcel will be returned to the sender",
            "Returned",
            "The package is on its way back to the sender",
            "Your item is being sent back",
            "Return in progress",
            "Return initiated",
            "Undeliverable as addressed, returned to sender",
            "Package returned to sender due to customs refusal",
            "Returned after failed delivery attempt",
            "Tendered to Returns Agent",
        ],
        "es": [
            "Envío devuelto",
            "Devuelto al remitente",
            "Devolución a origen iniciada",
            "En devolución",
            "Retorno a remitente",
            "Inicio de devolución al remitente",
            "Será devuelto al remitente",
            "Envío en devolución por ausencia del destinatario",
            "Devolución",
            "Plazo de recogida vencido, devolución al remitente",
        ],
        "fr": [
            "Retourné à l'expéditeur",
            "Le colis est retourné à l'expéditeur suite à un refus du destinataire",
            "Le colis est retourné à l’expéditeur",
            "Retour à l'expéditeur",
            "Renvoyé à l'expéditeur",
            "En cours de retour",
            "Votre colis va être retourné",
            "Retour à l'envoyeur",
            "Le destinataire du colis n'habite pas à l'adresse indiquée. Le colis est retourné à l'expéditeur",
        ],
        "de": [
            "Rücksendung an den Absender",
            "Ruecksendung an den Absender",
            "Zurück an den Absender",
            "Die Sendung wurde an den Absender zurückgesandt",
            "Die Sendung wird zurückgesendet",
            "Retour - Annahme verweigert",
            "Retour - Sendung konnte nicht zugestellt werden",
            "Rücksendung eingeleitet",
            "Die Sendung geht an den Absender zurück",
        ],
        "pt": [
            "Objeto devolvido ao remetente",
            "Em devolução ao remetente",
            "Endereço incorreto - Entrega não realizada - Objeto será devolvido ao remetente",
            "Devolução autorizada pela Receita Federal",
            "Devolução determinada pela autoridade competente",
            "Objeto devolvido ao país de origem",
            "Objeto saiu para entrega ao remetente",
            "Retorno ao remetente",
            "Em devolução à origem por determinação da Receita Federal",
        ],
        "ru": [
            "Возврат",
            "Возврат отправителю",
            "Возвращено отправителю",
            "Возврат - Истек срок хранения",
            "Возвращается отправителю",
            "Отправление возвращается",
            "Зарегистрировано заявление на возврат",
            "Отправлено обратно отправителю",
            "Обработка - Возврат скомплектован",
            "Таможенное оформление - Возврат разрешен",
            "Заказ возвращён продавцу",
        ],
        "nl": ["Retour afzender", "Pakket gaat terug naar afzender"],
    },
    RETURNED: {
        "en": [
            "Returned to sender and delivered",
            "Delivered, To Original Sender",
            "Delivered to the sender",
            "Returned and delivered to sender",
            "Return shipment delivered",
            "Parcel is successfully returned to the sender",
            "Delivered back to the shipper",
            "Handed back to sender",
            "Return completed",
            "Received by the sender",
        ],
        "es": [
            "Entregado al remitente",
            "Envío entregado al remitente",
            "Devolución entregada",
            "Devuelto y entregado al remitente",
            "Recibido por el remitente",
            "Devolución completada",
            "Entregada al remitente",
            "Retorno entregado",
        ],
        "fr": [
            "Distribué à l'expéditeur",
            "Le colis est livré à l'expéditeur suite à un retour",
            "Remis à l'expéditeur",
            "Livré à l’expéditeur",
            "Rendu à l'expéditeur",
            "Retour livré",
            "Reçu par l'expéditeur",
            "Votre colis a été remis à l'expéditeur",
        ],
        "de": [
            "Die Sendung wurde dem Absender zugestellt",
            "An den Absender zugestellt",
            "Rücksendung zugestellt",
            "Die Rücksendung wurde dem Absender zugestellt",
            "Retoure zugestellt",
            "An den Absender zurückgegeben",
            "Dem Absender ausgehändigt",
            "Rücksendung abgeschlossen",
        ],
        "pt": [
            "Objeto entregue ao remetente",
            "Entregue ao remetente",
            "Devolução concluída",
            "Devolvido e entregue ao remetente",
            "Recebido pelo remetente",
            "Devolução finalizada",
            "Devolução entregue",
            "Encomenda entregue ao remetente",
        ],
        "ru": [
            "Вручено отправителю",
            "Возврат вручен отправителю",
            "Вручение отправителю",
            "Получено отправителем",
            "Возвращено и вручено отправителю",
            "Возврат вручён",
            "Выдано отправителю",
            "Возврат завершён",
        ],
    },
    FAILED: {
        "en": [
            "Delivery attempted; recipient not home",
            "Attempted delivery, recipient not available",
            "Delivery attempt failed",
            "Delivery exception",
            "Notice Left (No Authorized Recipient Available)",
            "Notice Left (No Secure Location Available)",
            "Delivery not accepted",
            "Refusal of shipment",
            "Sorry we missed you",
            "Attempted delivery abroad",
            "Delivery Attempted - No Access to Delivery Location",
            "Refused",
            "Shipment refused by recipient",
            "The receiver refused the delivery.",
            "Recipient refused to pay the customs charges",
            "Addressee not available",
            "Addressee Unknown",
            "Insufficient Address",
            "Incorrect or incomplete address",
            "The address is incomplete",
            "Undeliverable as Addressed",
            "No Such Number",
            "Moved, Left no Address",
            "Could not be delivered",
            "The shipment could not be delivered",
            "We couldn't deliver your parcel",
            "Unsuccessful delivery",
            "Customer not available or business closed",
            "Nobody at home",
            "Absence. Attempted delivery",
            "Unclaimed",
        ],
        "es": [
            "Entrega fallida. Ausente",
            "Intento de entrega fallido - Ausente",
            "Destinatario ausente",
            "Rehusado",
            "Envío rehusado por el destinatario",
            "Dirección incorrecta",
            "Dirección incompleta",
            "Dirección errónea",
            "No entregado",
            "No se ha podido entregar",
            "No ha sido posible entregar el envío",
            "Destinatario desconocido",
            "Establecimiento cerrado",
        ],
        "fr": [
            "Distribution impossible",
            "Le destinataire était absent lors de la livraison.",
            "Destinataire absent",
            "Refusé par le destinataire",
            "Votre colis n'a pas pu être distribué par manque d'information.",
            "Votre colis n'a pu être livré car le destinataire était absent.",
            "Non distribuable",
            "L'adresse de votre colis est incomplète.",
            "Adresse incorrecte",
            "Votre colis ne peut être livré ce jour, l'accès à l'adresse de livraison étant impossible.",
            "La livraison de votre colis a été reportée pour absence du destinataire",
            "Échec de la tentative de livraison",
            "Avis de passage déposé",
            "N'habite pas à l'adresse indiquée",
        ],
        "de": [
            "Empfänger nicht angetroffen",
            "Empfaenger nicht angetroffen",
            "Annahme verweigert",
            "Der Empfänger hat die Annahme der Sendung verweigert",
            "Die Sendung konnte nicht zugestellt werden.",
            "Die Sendung wurde nicht erfolgreich zugestellt.",
            "Zustellversuch fehlgeschlagen",
            "Zustellung nicht möglich",
            "Anschriftsproblem",
            "Adresse unvollständig",
            "Empfänger unbekannt verzogen",
            "Unzustellbar",
        ],
        "pt": [
            "Carteiro não atendido - Entrega não realizada",
            "Objeto não entregue - cliente mudou-se",
            "A entrega não pode ser efetuada - Carteiro não atendido",
            "Destinatário recusou o objeto",
            "Endereço incorreto - Entrega não realizada",
            "Cliente desconhecido no local",
            "Tentativa de entrega não efetuada",
            "Destinatário ausente",
            "Empresa sem expediente - Entrega não realizada",
            "Inconsistências no endereçamento do objeto",
        ],
        "ru": [
            "Неудачная попытка вручения",
            "Неудачная попытка вручения - Временное отсутствие адресата",
            "Неудачная попытка вручения - Адресат отказался от отправления",
            "Неполный адрес",
            "Неправильный/нечитаемый/неполный адрес",
            "Адресат выбыл",
            "Отказ от получения",
            "Не удалось вручить",
            "Неудачная доставка",
            "Недоставка - Неверный адрес/адрес не существует",
            "Посылка не вручена: адресат отсутствует",
            "Получатель отсутствует",
        ],
    },
    BROKEN: {
        "en": [
            "Package damaged",
            "Damaged in transit",
            "The parcel was lost",
            "Lost in transit",
            "Parcel declared lost",
            "Destroyed",
            "Disposed of at the request of the shipper",
            "Shipment cancelled",
            "Package has been canceled",
            "Damage reported",
        ],
        "es": [
            "Envío dañado",
            "Paquete extraviado",
            "Envío perdido",
            "Destruido",
            "Envío cancelado",
            "Envío deteriorado",
            "Mercancía averiada",
            "Siniestrado",
        ],
        "fr": [
            "Colis endommagé",
            "Votre colis a été endommagé",
            "Colis perdu",
            "Colis égaré",
            "Envoi détruit",
            "Colis annulé",
            "Emballage abîmé",
            "Déclaré perdu",
        ],
        "de": [
            "Sendung beschädigt",
            "Sendung beschaedigt",
            "Die Sendung ist verloren gegangen",
            "Verzögerung wegen Beschädigung - Inhaltsprüfung",
            "Vernichtet",
            "Sendung storniert",
            "Die Sendung wurde entsorgt",
            "Verlust",
        ],
        "pt": [
            "Objeto e/ou conteúdo avariado",
            "Objeto extraviado",
            "Objeto roubado",
            "Objeto destruído com autorização do remetente",
            "Encomenda danificada",
            "Objeto não localizado",
            "Encomenda perdida",
            "Objeto refugado - Devolução proibida por órgão anuente",
            "Objeto Sinistrado",
        ],
        "ru": [
            "Отправление повреждено и/или без вложения",
            "Товар поврежден (повреждение упаковки груза)",
            "Регистрация утраты",
            "Уничтожение",
            "Посылка утеряна",
            "Отправление утрачено",
            "Утилизация отправления",
            "Заказ отменён",
        ],
    },
    PICKUP: {
        "en": [
            "The parcel has been delivered into the ParcelLocker.",
            "Delivered to parcel locker",
            "The parcel has been delivered at the ParcelShop (see ParcelShop information).",
            "Package placed in locker",
            "Available for Pickup",
            "Available for pick-up",
            "Available for redelivery or pickup",
            "Ready for collection",
            "The shipment is ready for collection",
            "The shipment is available for pick-up from the retail outlet",
            "Awaiting collection at the post office",
            "Held at Post Office, At Customer Request",
            "Held at the post office at the customer's request",
            "Item arrival at collection point for pick-up (by recipient)",
            "Your parcel can be collected at the locker",
            "Delivered to ParcelShop",
            "Parcel is being held for collection at the depot",
            "Item could not be delivered; awaiting collection",
            "Ready to be picked up",
        ],
        "es": [
            "Entregado en punto de recogida",
            "Disponible para recoger en oficina",
            "Disponible en oficina para recoger",
            "A disposición del destinatario en oficina",
            "Envío pendiente de ser recogido en Oficina Postal",
            "Listo para recoger",
            "Disponible para su recogida en el punto",
            "Puede recoger su envío en la tienda",
            "Disponible para ser retirado",
        ],
        "fr": [
            "Votre colis est disponible dans votre bureau de poste.",
            "Votre colis est disponible dans le point de retrait sélectionné.",
            "En attente d'être retiré au guichet",
            "En attente de retrait",
            "Disponible en point relais",
            "Votre colis vous attend dans votre point de retrait",
            "Colis livré au point relais",
            "Mis à disposition au bureau de poste",
        ],
        "de": [
            "Die Sendung liegt in der Filiale zur Abholung bereit",
            "Die Sendung liegt zur Abholung bereit.",
            "Sendung in Post-Geschäftsstelle abholbereit",
            "Bereit zur Abholung",
            "Die Sendung kann in der Filiale abgeholt werden",
            "Sendung in Abholstation eingelangt",
            "Zur Abholung bereit",
            "Liegt in der Packstation",
        ],
        "pt": [
            "Objeto aguardando retirada no endereço indicado",
            "Objeto disponível para retirada em Caixa Postal",
            "Objeto aguardando retirada na Caixa Postal",
            "Disponível para levantamento",
            "Pronto para retirada",
            "Encomenda disponível na loja",
            "Aguarda levantamento",
            "Disponível no ponto de recolha",
        ],
        "ru": [
            "Ожидает в пункте выдачи",
            "Прибыло в место вручения",
            "Ожидает адресата в месте вручения",
            "Ожидает получателя в пункте выдачи",
            "Готово к выдаче",
            "Прибыло в почтомат",
            "Доставлено в пункт выдачи",
            "Ожидает вручения",
            "Заказ можно забрать",
        ],
    },
    OUT: {
        "en": [
            "The parcel is expected to be delivered during the day.",
            "Out for Delivery",
            "Item out for physical delivery",
            "Shipment is out with courier for delivery",
            "With delivery courier",
            "On FedEx vehicle for delivery",
            "The shipment has been loaded into the delivery vehicle",
            "Out for Delivery, Expected Delivery by 9:00pm",
            "Your parcel is being delivered",
            "Released by customs and out for delivery",
        ],
        "es": [
            "En reparto",
            "EN REPARTO",
            "Salida a reparto",
            "Cargado en el vehículo de reparto",
            "En ruta de entrega",
            "Su envío está en reparto",
            "Ha salido a reparto",
            "Con el repartidor",
        ],
        "fr": [
            "En cours de livraison",
            "Le colis est en cours de livraison",
            "Mis en distribution",
            "Chargé dans le véhicule de livraison",
            "Votre colis est en cours de livraison en point de retrait.",
            "Votre colis est mis en livraison",
            "Avec le livreur",
            "En cours de distribution",
        ],
        "de": [
            "Das Paket wird voraussichtlich im Laufe des Tages zugestellt.",
            "Die Sendung wurde in das Zustellfahrzeug geladen",
            "Im Zustellfahrzeug",
            "In Zustellung",
            "Sendung in Zustellung",
            "Die Sendung wird heute zugestellt",
            "In der Zustellung",
            "Die Sendung wird zugestellt.",
            "Sendung in Auslieferung",
        ],
        "pt": [
            "Objeto saiu para entrega ao destinatário",
            "Saiu para Entrega",
            "Em rota de entrega",
            "Carregado no veículo de entrega",
            "O carteiro saiu para entrega",
            "Com o carteiro",
            "Saiu para distribuição",
            "Encomenda em rota de entrega",
        ],
        "ru": [
            "Передано курьеру",
            "Передано курьеру на доставку",
            "Передано курьеру (водителю)",
            "Вручается курьером",
            "Передано почтальону",
            "Выдано курьеру",
            "Доставляется курьером",
            "Выдано на доставку",
        ],
    },
}  # fmt: skip

EVERY_TEXT = [
    (status, language, text)
    for status, by_language in SAID.items()
    for language, texts in by_language.items()
    for text in texts
]


@pytest.mark.parametrize(("status", "language", "text"), EVERY_TEXT)
def test_what_carriers_write(status: ShipmentStatus, language: str, text: str) -> None:
    said = what_words_say(text)
    assert (said and said.status) == status


def test_every_status_is_shown_in_every_language() -> None:
    assert {
        status: [len(texts[language]) >= 8 for language in LANGUAGES] for status, texts in SAID.items()
    } == {status: [True] * len(LANGUAGES) for status in SAID}


NOTHING = [
    # Nothing of note.
    "",
    " ",
    "Shipment information received",
    "Arrived at facility",
    "Departed from sorting center",
    "Processed Through Facility",
    "[Shatian Town] Processing at sorting center",
    "Handed over to destination carrier",
    "Accepted by carrier",
    "Flight departure",
    "Votre colis est en transit sur nos plateformes logistiques.",
    "Nous le préparons pour le mettre en livraison.",
    "Die Sendung wurde im Briefzentrum bearbeitet.",
    "Alta en unidad de reparto",
    "Llegada a oficina de reparto",
    "Objeto postado",
    "Objeto em trânsito - por favor aguarde",
    "Прибыло в сортировочный центр",
    "Передано в курьерскую службу",
    "包裹正在从发件国运往目的国",
    "Đang vận chuyển",
    # Never believed from words alone.
    "Delivered",
    "Delivered, Front Door/Porch",
    "Delivered, Parcel Locker",
    "Delivered to the addressee",
    "Entregado",
    "Votre colis est livré.",
    "Die Sendung wurde erfolgreich zugestellt.",
    "Objeto entregue ao destinatário",
    "Вручено адресату",
    "Unable to collect payment on delivery",
    "Duties paid by the recipient",
    "Parcel shop opening hours have changed",
    # Denied.
    "Not held by customs",
    "The parcel is not held by customs",
    "No longer held by customs",
    "Your parcel isn't held by customs",
    "No customs duties due",
    "No duties or taxes are due",
    "Arrived undamaged",
    "Not damaged",
    "The parcel was not returned",
    "Was not lost",
    "Payment of customs duties not required",
    "No documents required",
    "El envío no está retenido en aduana",
    "Ya no está retenido en la aduana",
    "Sin daños",
    "Llegó sin envío dañado",
    "No ha sido devuelto",
    "No se requiere pago de aranceles",
    "Votre colis n'est pas retenu en douane",
    "Votre colis n'est plus retenu en douane",
    "Sans dommage",
    "Le colis n'est pas endommagé",
    "Il n'a pas été retourné",
    "Aucun droit de douane à payer",
    "Die Sendung wird nicht vom Zoll festgehalten",
    "Die Sendung wird nicht mehr vom Zoll festgehalten",
    "Unbeschädigt",
    "Ohne Beschädigung",
    "Keine Zollgebühren fällig",
    "Wurde nicht zurückgesendet",
    "Não está retido na alfândega",
    "Sem danos",
    "Objeto não avariado",
    "Não foi devolvido",
    "Не задержано таможней",
    "Больше не задержано таможней",
    "Без повреждений",
    "Не повреждено",
    "Не возвращено",
    # Paid.
    "Duties paid",
    "Delivered duty paid",
    "DDP: duty paid by shipper",
    "Customs fees have been paid",
    "Payment received",
    "Payment of customs charges received",
    "Receiver has paid the import charges",
    "Derechos pagados",
    "Aranceles pagados",
    "Pago de aranceles realizado",
    "Droits de douane payés",
    "Paiement des droits de douane reçu: paiement confirmé",
    "Zollgebühren bezahlt",
    "Zahlung der Einfuhrabgaben eingegangen",
    "Pagamento confirmado",
    "Tributos pagos",
    "Despacho Postal pago na origem",
    "Aguardando confirmação de pagamento pela operadora",
    "Таможенные платежи уплачены",
    "Пошлина оплачена",
    "Таможенные платежи поступили",
    # Advice, and what can happen.
    "May be subject to customs duties",
    "Your parcel may be held by customs",
    "The parcel might be returned to sender",
    "If no one is at home the parcel will be returned",
    "If nobody is at home, a notice will be left",
    "Duties and taxes may be due on delivery",
    "To avoid return to sender, please contact us",
    "Please wait for customs clearance",
    "Will be available for pickup tomorrow",
    "The status will be updated once shipment is out for delivery",
    "Puede ser retenido en aduana",
    "Si el destinatario está ausente, el envío será devuelto",
    "Estará disponible para recoger mañana",
    "Peut être retenu en douane",
    "Si le destinataire est absent, le colis sera retourné à l'expéditeur",
    "Sera disponible au point de retrait demain",
    "Falls der Empfänger nicht angetroffen wird, erfolgt die Rücksendung",
    "Es können Zollgebühren anfallen",
    "Wird morgen zur Abholung verfügbar sein",
    "Die Sendung wurde für die Verladung ins Zustellfahrzeug vorbereitet",
    "Poderá ser devolvido ao remetente",
    "Caso o destinatário esteja ausente, o objeto será devolvido",
    "Estará disponível para levantamento amanhã",
    "Может быть возвращено отправителю",
    "Если получатель отсутствует, посылка возвращается отправителю",
    "Возможна задержка на таможне",
    # Another sense.
    "Shipment is on hold",
    "Shipment on hold",
    "Item held at delivery depot",
    "Hold at location requested",
    "Lost time will be made up",
    "Last known location: Shenzhen",
    "Returned to the delivery depot",
    "Returned to Destination Facility",
    "Objeto devolvido aos Correios",
    "Возврат денежных средств",
    "Возвращено таможней",
    "Zollernstraße 5, Stuttgart",
    "Hohenzollern",
    "32 Zoll Monitor",
    "Zollstock",
    "Item returned by customs",
    "Customs documents received",
    "All required customs documents received",
    "Customs charges will be collected on delivery",
    "Customs-free goods",
    "Duty free shipment",
    "Your return label",
    "30 days free returns",
    "Retour Douane",
    "Sendung wird ins Zielland transportiert und dort dem Zusteller übergeben",
    "Le colis va être présenté à la douane",
    "Документы для подачи в ТО представлены.",
    "Ожидает передачи курьеру",
    "Customer request received",
    "Customized package",
    "Label cancelled",
    "Saída para entrega cancelada",
    "Waiting for pick up",
    "Ready for pickup by carrier",
    "Order placed with seller; parcel collected from sender",
    "Delivered as agreed with the sender",
    "Shipment exception",
    "Payment pending",
    "Electronic customs data sent",
    "In transfer - lost and found",
    "No. 5 held",
]  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_most_texts_say_nothing(text: str) -> None:
    assert what_words_say(text) is None


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("Item returned from customs, clearance completed", CLEARED, "returned from customs"),
        ("Return to sender: refused by addressee", RETURNING, "Return to sender"),
        ("Refused by customs, returning to sender", RETURNING, "returning to sender"),
        ("Held by customs: duties to be paid", HOLD, "duties to be paid"),
        ("Released from customs hold", CLEARED, "Released from customs"),
        ("Released by customs. Duties are still to be paid.", HOLD, "Duties are still to be paid"),
        ("Returned to sender, delivered to the sender", RETURNED, "delivered to the sender"),
        ("Damaged, returned to sender", RETURNING, "returned to sender"),
        ("Destroyed by customs", BROKEN, "Destroyed"),
        ("Released from the warehouse, arrived at customs", CUSTOMS, "arrived at customs"),
        ("Left the sorting center, customs clearance started", CUSTOMS, "clearance started"),
        ("Customs released, held at post office for pickup", PICKUP, "held at post office"),
        ("Recipient absent. Available for pickup at the post office.", PICKUP, "Available for pickup"),
        ("Delivery attempt failed, out for delivery", FAILED, "Delivery attempt"),
        ("Customs clearance completed, out for delivery", OUT, "out for delivery"),
        ("Recipient refused shipment due to customs charges", FAILED, "Recipient refused"),
        ("Customs clearance started. Held by customs.", HOLD, "Held by customs"),
        ("Not lost. Held by customs.", HOLD, "Held by customs"),
        ("It was not held by customs, it is held by customs now", HOLD, "held by customs"),
        ("If in doubt, call. Held by customs.", HOLD, "Held by customs"),
        ("Held by customs - may be returned", HOLD, "Held by customs"),
        ("Not delivered, held by customs", HOLD, "held by customs"),
        (
            "Não foi autorizada a entrada do objeto no país - poderá ser devolvido ao remetente",
            HOLD,
            "Não foi autorizada a entrada",
        ),
        ("Abgelehnt vom ZOLL", HOLD, "Abgelehnt vom ZOLL"),
        ("Empfänger nicht angetroffen, liegt in der Filiale zur Abholung bereit", PICKUP, None),
        ("Отказ в выпуске. Возвращается отправителю.", RETURNING, None),
    ],
)
def test_the_first_saying_decides(text: str, status: ShipmentStatus, words: str | None) -> None:
    said = what_words_say(text)
    assert said is not None
    assert said.status is status
    assert words is None or said.words == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PAQUETE Rete\u0301nido en aduana", "Rete\u0301nido en aduana"),
        ("İSTANBUL İHRACAT: held by customs", "held by customs"),
        (
            "Der Empfänger hat die Annahme der Sendung verweigert",
            "Empfänger hat die Annahme der Sendung verweigert",
        ),
        ("held\xa0by\xa0customs", "held\xa0by\xa0customs"),
        ("«Held by customs»", "Held by customs"),
        ("customs_hold", "customs_hold"),
        ("held, so we were told this very morning by the customs", None),
        (
            "detained unquestionably notwithstanding circumstances incomprehensible customs",
            "detained unquestionably notwithstanding circumstances incomp",
        ),
    ],
)
def test_the_words_stand_in_the_text(text: str, words: str | None) -> None:
    said = what_words_say(text)
    assert (said and said.words) == words


def test_only_the_beginning_is_read() -> None:
    assert what_words_say("a " * 240 + "held by customs") == Said(HOLD, "held by customs")
    assert what_words_say("a " * 250 + "held by customs") is None


@pytest.mark.parametrize(
    "text",
    [
        "held " * 20_000,
        "customs " * 12_500,
        "not held by not customs " * 4_000,
        "pay duties customs charge " * 4_000,
        "не задержано таможней " * 4_500,
        "(" * 100_000,
        "й" * 100_000,
        "\u0301" * 100_000,
        "if " * 30_000 + "returned to sender",
    ],
)
def test_a_hostile_text_is_read_in_no_time(text: str) -> None:
    start = perf_counter()
    what_words_say(text)
    assert perf_counter() - start < 0.1  # some hundred times what it takes


WORDS = sorted(
    {
        word
        for texts in (DENIALS, NOT_YET, ADVICE, *(saying.phrases for saying in SAYINGS), *LISTS.values())
        for written in texts.values()
        for word in re.findall(r"\w+", written)
    }
)


@given(
    st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=12),
    st.sampled_from([" ", ", ", ". ", " - "]),
)
@example(["İ", "held", "customs"], " ")
def test_whatever_is_written_the_words_are_a_part_of_it(words: list[str], between: str) -> None:
    text = between.join(words)
    said = what_words_say(text)
    if said is not None:
        assert said.words in text
        assert 0 < len(said.words) <= 60
        assert said.status in SAID


@given(st.sampled_from([text for _, _, text in EVERY_TEXT if "ß" not in text]))
def test_case_does_not_matter(text: str) -> None:
    said = what_words_say(text)
    for written in (text.upper(), text.lower(), text.title()):
        again = what_words_say(written)
        assert (again and again.status) == (said and said.status)


def phrases() -> Iterator[tuple[ShipmentStatus, str, str]]:
    for saying in SAYINGS:
        for language, written in saying.phrases.items():
            for phrase in re.sub(r"/\s+", "/", written).split(","):
                yield saying.status, language, phrase


def shortest_text(language: str, phrase: str) -> str:
    firsts = [place.split("/")[0] for place in re.sub(r"[+…]", " ", phrase).split()]
    words = [LISTS.get(language, {}).get(first, first).split()[0] for first in firsts]
    return " ".join(words).replace("*", "")


def test_every_phrase_says_what_it_is_filed_under() -> None:
    texts = [(status, shortest_text(language, phrase)) for status, language, phrase in phrases()]
    said = [(status, text, what_words_say(text)) for status, text in texts]
    assert [(text, says) for status, text, says in said if says is None or says.status is not status] == []


def test_a_phrase_is_written_in_words_that_can_be_found() -> None:
    written = " , ".join(
        phrases
        for by_language in (
            *(s.phrases for s in SAYINGS),
            *(s.unless for s in SAYINGS),
            ADVICE,
            DENIALS,
            NOT_YET,
        )
        for phrases in by_language.values()
    )
    stems = re.findall(
        r"(\w+)\*", written + " ".join(words for lists in LISTS.values() for words in lists.values())
    )
    assert [stem for stem in stems if len(stem) < 4] == []
    assert re.findall(r"\w\*\w|[^\w\s,/+…*']", written) == []


def test_every_list_that_is_named_exists() -> None:
    named = {
        (language, name)
        for saying in SAYINGS
        for by_language in (saying.phrases, saying.unless)
        for language, phrases in by_language.items()
        for name in re.findall(r"\b[A-Z]{3,}\b", phrases)
    }
    assert [(language, name) for language, name in sorted(named) if name not in LISTS[language]] == []


def test_delivery_is_never_believed_from_words() -> None:
    assert ShipmentStatus.DELIVERED not in {saying.status for saying in SAYINGS}
