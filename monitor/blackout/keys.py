"""Which keys of a carrier's answer hold what is nobody else's business.

A key is compared as its letters and digits in lower case: `signed_by`, `signedBy` and `Signed-By` are
one. The words are those of the tracking APIs, in their languages.
"""

from collections.abc import Mapping
from enum import Enum


class Holder(Enum):
    """What an object or a list of an answer is about, which decides what is personal in it."""

    #: Nothing personal is known of it: scans, carriers, places.
    ANYTHING = "anything"
    #: An address somebody lives at, or may: the street and the postal code are personal, and a name.
    DESTINATION = "destination"
    #: A person: all but what PUBLIC names is personal.
    PERSON = "person"
    #: Nothing in it is to be seen: coordinates, signatures, keys, references.
    HIDDEN = "hidden"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Who a key is about that begins so, whatever follows.
_PEOPLE = tuple(
    _words(
        """recipient receiver consignee addressee sender shipper signatory signer signedby signedfor receivedby
        deliveredto customer client buyer contact person authorizedby destinatario remitente destinataire
        expediteur expéditeur empfaenger empfänger absender odbiorca nadawca mittente ontvanger afzender"""
    )
)
#: Whose keys those are that end so.
_PEOPLE_LAST = ("signedby", "signedbyname", "receivedby", "receivedbyname")
#: More of them that are only these words.
_PERSON_EXACTLY = _words(
    """signed addressto addressfrom toaddress fromaddress deliveryaddress shippingaddress packageaddress
    actualdeliveryaddress lastupdateddestinationaddress nombrecliente nombredestinatario nombreremitente"""
)
#: What stays of a person: how far away they are, and words of the API.
_PUBLIC = _words(
    """city town locality addresslocality municipality state statecode stateprovince stateprovincecode
    stateorprovince stateorprovincecode province region subdivision county country countrycode countryname
    countryiso2 countryiso3 language locale type object classification locationtype status statuscode"""
)
_POSTAL_CODES = _words(
    "zip zipcode zipplus4 zip4 postalcode postcode postal plz cp codigopostal codepostal cap kodpocztowy"
)
#: Keys outside an address that say where somebody lives.
_OF_A_DESTINATION = frozenset(
    where + code for where in ("destination", "tracking", "delivery") for code in _POSTAL_CODES
)
_NAMES = _words("name company companyname organization organizationname organisation organisationname")
#: Keys of what a person is called, lives and is reached at; names of streets in the same languages.
_PERSONAL = _words(
    """fullname firstname lastname familyname givenname middlename surname nickname attentionname authorizationname firm
    nombrecompleto apellido apellidos apellido1 apellido2 prenom prénom vorname nachname imie nazwisko
    street streetaddress streetlines streetline streetname streetnumber streetno street1 street2 street3
    housenumber houseno housename buildingnumber doornumber apartment address1 address2 address3 addr addr1
    addr2 addressline addresslines addressline1 addressline2 addressline3 line1 line2 line3 line4
    direccion dirección calle domicilio adresse adresse1 adresse2 rue strasse hausnummer ulica rua endereco
    endereço indirizzo
    tel cell cellphone mobile mobilenumber fax telefon telefonnummer telefono teléfono movil móvil telefone
    handy sms smses subscribedsmses msisdn phones phoneno emails subscribedemails correo correoelectronico"""
)
_PERSONAL_LAST = ("phone", "phonenumber", "telephone", "telephonenumber", "email", "emailaddress")
#: Keys of what opens something, points to somebody, or is an order's own.
_HIDDEN = _words(
    """latitude longitude lat lng lon coordinates geo geolocation geocoordinates
    photo photos photourl deliveryphoto documenturl podurl proofofdeliveryurl
    opencode pickupcode accesscode collectioncode lockercode doorcode pin pincode otp qrcode
    account accountnumber accountid trackingaccountnumber meternumber reference references referencenumber
    referencenumbers shipmentreference orderid ordernumber orderno orderidpath orderreference invoicenumber
    transactionid userid user username note notes shipmentnotes customfields
    auth authorization cookie session sessionid credential credentials privatekey trackingkey xapikey"""
)
_HIDDEN_LAST = (
    "token",
    "secret",
    "password",
    "passwd",
    "apikey",
    "signature",
    "signatureurl",
    "signatureimage",
)
#: What stays of a hidden object: which kind it is.
_KINDS = _words("type kind qualifier")
#: Words of a `type` whose `value` belongs to a person or an order.
_OF_SOMEBODY = ("reference", "customer", "invoice", "purchase", "account")
_VALUES = _words("value values number id")

#: Keys of tracking numbers, the shipment's own and those beside it.
_TRACKING_NUMBERS = _words(
    """trackingnumber trackingnumbers trackingno trackingcode trackingid tracknumber eventtrackingnumber
    tn mailno copyrealmailno copyvirtualmailno realmailno virtualmailno waybill waybillno waybillnumber awb
    awbnumber parcelno parcelnumber unitno shipmentnumber shipmentno idship codenvio pieceid pieceids
    inquirynumber consignmentnumber packagenumber barcode localnumber returntrackingnumber"""
)


def word_of(key: str) -> str:
    """A key as it is compared: only its letters and digits, in lower case."""
    return "".join(mark for mark in key.casefold() if mark.isalnum())


def holder_of(key: str, around: Holder) -> Holder:
    """What the object or list at `key` is about, which stands in one about `around`."""
    word = word_of(key)
    if around is Holder.HIDDEN or _is_hidden(word):
        return Holder.HIDDEN
    if around is Holder.PERSON or _is_personal(word) or _is_person(word):
        return Holder.PERSON
    if around is Holder.DESTINATION or word in ("from", "to") or word.startswith("destination"):
        return Holder.DESTINATION
    return Holder.ANYTHING


def is_secret(key: str) -> bool:
    """Whether a key of a configuration is one of an account: a password, or what goes with it."""
    return _is_hidden(word_of(key)) or word_of(key) in ("clientid", "key", "customernumber")


def is_private(key: str, around: Holder) -> bool:
    """Whether the text or number at `key`, in an object about `around`, is not to be seen."""
    word = word_of(key)
    if around is Holder.HIDDEN:
        return word not in _KINDS
    if around is Holder.PERSON:
        return word not in _PUBLIC
    if _is_hidden(word) or _is_personal(word) or _names_a_person(word):
        return True
    if around is Holder.DESTINATION:
        return word in _POSTAL_CODES or word in _NAMES or word == "address"
    return word in _OF_A_DESTINATION


def tells_who(key: str, around: Holder) -> bool:
    """Whether what is private at `key` is what a person is called, or lives or is reached at: then it is
    not to be seen in a sentence either."""
    if around is Holder.HIDDEN:
        return False
    word = word_of(key)
    return not _is_hidden(word) and word not in _POSTAL_CODES


def is_postal_code(key: str) -> bool:
    """Whether a key holds a postal code."""
    return word_of(key).endswith(tuple(_POSTAL_CODES - {"cp", "cap", "postal"}))


def is_destination(key: str) -> bool:
    """Whether a key holds the place a parcel goes to, in words."""
    word = word_of(key)
    return word.startswith("destination") and word.endswith("location")


def is_tracking_number(key: str) -> bool:
    """Whether a key holds a tracking number, or several."""
    return word_of(key) in _TRACKING_NUMBERS


def private_beside(told: Mapping[str, object]) -> frozenset[str]:
    """The keys of an object that are private because of what stands beside them: the `value` of what is
    a reference by its `type`, and the `name` beside a `firm`, which is who signed."""
    words = {word_of(key): key for key in told}
    kind = str(told.get(words.get("type", ""), "")).casefold()
    found = (
        {words[word] for word in _VALUES & words.keys()} if any(it in kind for it in _OF_SOMEBODY) else set()
    )
    if "firm" in words and "name" in words:
        found.add(words["name"])
    return frozenset(found)


def _is_hidden(word: str) -> bool:
    return word in _HIDDEN or word.endswith(_HIDDEN_LAST)


def _is_personal(word: str) -> bool:
    return word in _PERSONAL or word.endswith(_PERSONAL_LAST)


def _is_person(word: str) -> bool:
    return word in _PERSON_EXACTLY or word.startswith(_PEOPLE) or word.endswith(_PEOPLE_LAST)


def _names_a_person(word: str) -> bool:
    """Whether a single value tells of a person: `recipient_name` does, `recipient_city` does not."""
    if not _is_person(word):
        return False
    who = next((people for people in _PEOPLE if word.startswith(people)), "")
    return word.removeprefix(who) not in _PUBLIC
