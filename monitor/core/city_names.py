"""What a city is called: names that mean one city, and the words of a name that decide."""
# ruff: noqa: RUF001, some cities are known by a name in Cyrillic or Greek

import re
from collections.abc import Iterator
from typing import NamedTuple

from monitor.core.countries import country_code
from monitor.core.transliteration import romanised

# One city a line, under all its names; the first name stands for all.
_CITIES = """
    A Coruña, La Coruña, Corunna
    Alicante, Alacant
    Alcoy, Alcoi
    Barcelona, Barcelone, Barcellona, BCN
    Bilbao, Bilbo
    Cádiz, Cadix
    Castellón, Castelló
    Córdoba, Cordova, Cordoue
    Donostia, San Sebastián, Saint-Sébastien, Donostia-San Sebastián, San Sebastián/Donostia
    Elche, Elx
    Getxo, Guecho
    Girona, Gerona
    Hondarribia, Fuenterrabía
    Ibiza, Eivissa
    Jávea, Xàbia
    Játiva, Xàtiva
    Jerez, Xerez
    Hospitalet, LHospitalet
    La Laguna, San Cristóbal de La Laguna
    Lleida, Lérida
    Mahón, Maó
    Ourense, Orense
    Palma, Palma de Mallorca, Palma de Majorca
    Pamplona, Iruña, Pampelune, Iruñea
    Sagunto, Sagunt
    Sanxenxo, Sangenjo
    Sevilla, Seville, Séville, Siviglia
    Valencia, València
    Villarreal, Vila-real
    Vitoria, Gasteiz, Vitoria-Gasteiz
    Zaragoza, Saragossa, Saragosse

    Lisboa, Lisbon, Lisbonne, Lissabon, Lisbona
    Porto, Oporto

    Lyon, Lyons, Lione
    Marseille, Marseilles, Marsella, Marsiglia
    Nice, Niza, Nizza
    Paris, Parigi, Parijs, Paryż, Париж
    Strasbourg, Straßburg, Estrasburgo
    Toulouse, Tolosa
    Bayonne, Baiona, Bayona
    Dunkerque, Dunkirk

    Bologna, Bolonia
    Bolzano, Bozen
    Firenze, Florence, Florencia, Florenz
    Genova, Genoa, Génova, Gênes, Genua
    Livorno, Leghorn
    Mantova, Mantua
    Merano, Meran
    Milano, Milan, Milán, Mailand, Milão
    Napoli, Naples, Nápoles, Neapel
    Padova, Padua
    Parma, Parme
    Roma, Rome, Rom, Rzym, Рим
    Siracusa, Syracuse
    Torino, Turin, Turín
    Trento, Trient
    Trieste, Triest
    Venezia, Venice, Venecia, Venedig, Venise

    Aachen, Aquisgrán, Aix-la-Chapelle, Aken
    Berlin, Berlín, Berlino, Берлин
    Braunschweig, Brunswick
    Bremen, Brema
    Dresden, Dresde, Dresda
    Düsseldorf, Duesseldorf
    Frankfurt, Francfort, Fráncfort, Francoforte
    Hamburg, Hamburgo, Hambourg, Amburgo
    Hannover, Hanover, Hanovre
    Köln, Koeln, Cologne, Colonia, Keulen, Kolonia
    Leipzig, Lipsia
    Mainz, Maguncia, Mayence, Magonza
    München, Muenchen, Munich, Múnich, Monaco di Baviera, Monachium
    Nürnberg, Nuremberg, Núremberg, Norimberga
    Regensburg, Ratisbona, Ratisbonne
    Stuttgart, Estugarda, Stoccarda
    Trier, Trèves, Tréveris

    Wien, Vienna, Viena, Vienne, Wenen, Wiedeń, Bécs, Вена, Відень
    Salzburg, Salzburgo, Salzbourg, Salisburgo

    Basel, Basilea, Bâle, Basle
    Bern, Berne, Berna
    Biel, Bienne
    Genève, Geneva, Genf, Ginebra, Ginevra, Genebra
    Luzern, Lucerne, Lucerna
    Neuchâtel, Neuenburg
    Sankt Gallen, Saint-Gall
    Zürich, Zurich, Zúrich, Zurigo

    Aalst, Alost
    Antwerpen, Antwerp, Anvers, Amberes, Antuérpia
    Brugge, Bruges, Brujas
    Brussel, Bruxelles, Brussels, Bruselas, Brüssel, Bruxelas, Bruksela
    Gent, Ghent, Gand, Gante
    Kortrijk, Courtrai
    Leuven, Louvain, Lovaina
    Liège, Luik, Lieja, Lüttich
    Mechelen, Malines, Malinas
    Mons, Bergen
    Namur, Namen
    Oostende, Ostend, Ostende
    Tournai, Doornik
    Ieper, Ypres

    Amsterdam, Ámsterdam, Amsterdão
    Den Bosch, 's-Hertogenbosch, Hertogenbosch, Bois-le-Duc, Bolduque
    Den Haag, The Hague, La Haya, La Haye, Haia, 's-Gravenhage, Gravenhage, Haag
    Leeuwarden, Ljouwert
    Nijmegen, Nimega, Nimègue
    Rotterdam, Róterdam
    Vlissingen, Flushing

    London, Londres, Londra, Londen, Londyn, Лондон
    Cardiff, Caerdydd
    Derry, Londonderry
    Edinburgh, Edimburgo, Édimbourg
    Swansea, Abertawe
    Dublin, Dublín, Dublino, Baile Átha Cliath
    Cork, Corcaigh
    Luxembourg, Luxemburg, Luxemburgo, Lëtzebuerg

    Göteborg, Gothenburg, Gotemburgo, Göteburg
    Helsinki, Helsingfors, Хельсинки
    København, Copenhagen, Copenhague, Kopenhagen, Copenaghen, Kopenhaga
    Helsingør, Elsinore
    Stockholm, Estocolmo, Stoccolma, Sztokholm
    Tampere, Tammerfors
    Turku, Åbo
    Vaasa, Vasa
    Espoo, Esbo
    Vantaa, Vanda

    Gdańsk, Danzig
    Gdynia, Gdingen
    Katowice, Kattowitz
    Kraków, Cracow, Cracovia, Cracovie, Krakau
    Łódź, Lodz
    Poznań, Posen
    Szczecin, Stettin
    Toruń, Thorn
    Warszawa, Warsaw, Varsovia, Varsovie, Warschau, Varsavia, Varsóvia, Варшава
    Wrocław, Breslau, Breslavia

    Brno, Brünn
    Plzeň, Pilsen
    Praha, Prague, Praga, Prag, Прага
    Ostrava, Ostrau
    Bratislava, Pressburg, Presburgo
    Košice, Kaschau
    Budapest, Budapeszt, Будапешт
    București, Bucharest, Bucarest, Bukarest, Bucareste, Бухарест
    Cluj-Napoca, Cluj, Klausenburg
    Iași, Jassy
    Sofia, Sofía, Sofija, Sofya
    Beograd, Belgrade, Belgrado, Belgrad, Београд, Белград
    Zagreb, Zagabria
    Rijeka, Fiume
    Split, Spalato
    Dubrovnik, Ragusa
    Ljubljana, Laibach, Lubiana, Liubliana
    Skopje, Skoplje, Üsküb
    Tirana, Tiranë
    Athina, Athens, Atenas, Athènes, Athen, Atene, Athinai, Αθήνα, Афины
    Irakleio, Heraklion, Iraklion, Iraklio
    Kerkyra, Corfu, Corfú
    Chalkida, Chalcis
    Patra, Patras
    Peiraias, Piraeus, Pireo, Pireas
    Rodos, Rhodes, Rodas
    Thessaloniki, Salonica, Salónica, Saloniki
    Lefkosia, Nicosia, Lefkoşa, Λευκωσία
    Lemesos, Limassol
    Larnaka, Larnaca
    Ammochostos, Famagusta

    Rīga, Rigas
    Kaunas, Kovno
    Klaipėda, Memel
    Tallinn, Tallin, Reval, Таллин
    Tartu, Dorpat
    Vilnius, Vilna, Wilno, Вильнюс
    Daugavpils, Dünaburg

    Kyiv, Kiev, Kiew, Kijów, Киев, Київ
    Chernihiv, Chernigov
    Chernivtsi, Chernovtsy, Czernowitz
    Dnipro, Dnepr, Dnipropetrovsk, Dnepropetrovsk
    Kharkiv, Kharkov, Charkow, Járkov
    Kropyvnytskyi, Kirovohrad, Kirovograd
    Kryvyi Rih, Krivoy Rog
    Lviv, Lvov, Lwów, Lemberg, Leópolis
    Mykolaiv, Nikolaev
    Odesa, Odessa
    Rivne, Rovno
    Ternopil, Ternopol
    Vinnytsia, Vinnitsa
    Zaporizhzhia, Zaporozhye, Zaporozhe
    Zhytomyr, Zhitomir
    Minsk, Мінск
    Mahilyow, Mogilev, Магілёў, Mahilioŭ
    Hrodna, Grodno, Гродна
    Homyel, Gomel, Гомель
    Vitsebsk, Vitebsk, Віцебск
    Brest, Brest-Litovsk

    Ekaterinburg, Yekaterinburg, Jekaterinburg, Ekaterimburgo
    Moskva, Moscow, Moscú, Moscou, Moskau, Mosca, Moskwa
    Don, Donu
    Sankt-Peterburg, Saint Petersburg, San Petersburgo, Saint-Pétersbourg, SPB
    Khabarovsk, Chabarowsk
    Chelyabinsk, Tscheljabinsk
    Astana, Nur-Sultan, Нұр-Сұлтан
    Almaty, Alma-Ata
    Qaraghandy, Karaganda, Қарағанды
    Shymkent, Chimkent
    Aktau, Aqtau
    Aktobe, Aqtöbe
    Toshkent, Tashkent
    Bishkek, Biskek
    Baku, Bakı, Bakou
    Yerevan, Erevan, Ereván, Eriwan
    Tbilisi, Tiflis
    Chişinău, Kishinev, Kishinyov

    Istanbul, Estambul, Stambul
    Izmir, Esmirna, Smyrna
    Ankara, Angora
    Yerushalayim, Jerusalem, Jerusalén
    Tel Aviv, Tel Aviv-Yafo, Tel-Aviv-Jaffa
    Beersheba, Beer Sheva, Be'er Sheva
    Cairo, Al-Qahirah, Le Caire, Kairo
    Alexandria, Alejandría, Alexandrie
    Riyadh, Ar-Riyadh, Riad
    Jeddah, Jiddah, Yeda
    Makkah, Mecca, La Meca
    Madinah, Medina
    Dimashq, Damascus, Damasco
    Beirut, Beyrouth
    Dubai, Dubái, Dubaï
    Abu Dhabi, Abu Dabi
    Kuwait, Al Kuwayt
    Tunis, Túnez
    Alger, Algiers, Argel
    Casablanca, Dar el Beida
    Marrakech, Marrakesh
    Tanger, Tangier, Tánger

    México, CDMX, México DF
    La Habana, Havana, La Havane
    New York, Nueva York, NYC
    New Orleans, Nueva Orleans, Nouvelle-Orléans
    Los Angeles, Los Ángeles
    Philadelphia, Filadelfia
    Buenos Aires, CABA

    Beijing, Peking, Pekín
    Guangzhou, Canton
    Hong Kong, Hongkong
    Macau, Macao
    Seoul, Séoul, Seúl, Soul
    Busan, Pusan
    Incheon, Inchon
    Daegu, Taegu
    Tokyo, Tokio
    Kyoto, Kioto
    Singapore, Singapur, Singapour
    Bangkok, Krung Thep
    Ho Chi Minh, Saigon, HCM, HCMC, TP HCM, Thành phố Hồ Chí Minh
    Hanoi, Hà Nội
    Mumbai, Bombay
    Kolkata, Calcutta
    Chennai, Madras
    Bengaluru, Bangalore
    Yangon, Rangoon
    Cape Town, Kaapstad, Ciudad del Cabo
"""

# Cities that would pass for one another's misspelling, and short ones that would pass for a code.
_LOOKALIKES = """
    Palma Palmas Parma Baena Baeza Lleida Leioa Aachen Achern Bremen Bretten Verden Esslingen Ettlingen
    Freiberg Freiburg Friedrichshafen Friedrichshain Geilenkirchen Gelsenkirchen Göppingen Göttingen Hamburg
    Harburg Homburg Kempen Kerpen Langen Lingen Linden Lübbecke Lübeck Menden Minden Oberhausen Obertshausen
    Ravensburg Regensburg Schöneberg Schönebeck Siegen Singen Wedel Weiden Wesel Cannes Vannes Vanves Chieri
    Chieti Milano Milazzo Sarno Saronno Lubin Lublin Luboń Accrington Ashington Billingham Birmingham Bolton
    Boston Cambridge Coatbridge Chichester Colchester Fareham Farnham Harlow Harrow Hereford Hertford
    Hinckley Hindley Newburn Newbury Shipley Shirley Stratford Stretford Strood Stroud Tonbridge Trowbridge
    Warrington Washington Irvine Irving Lewisville Louisville Clifton Clinton Reading Redding Vallejo
    Barbacena Barcarena Gravatá Gravataí Itabuna Itaituba Itajubá Itaúna Itapeva Itapevi Goiana Goiânia
    Campina Campinas Franca Franco Patos Passos Jiutepec Yautepec Tuxtepec Tultepec Krasnogorsk Krasnoyarsk
    Irkutsk Yakutsk Pushkin Pushkino Serov Sarov Saransk Sayansk Antakya Antalya İzmir İzmit Ataşehir
    Alaşehir Icheon Incheon Yecheon Jeonju Yeoju Yeosu Tanta Tahta Ath Ans Mol Zug Hof Ulm Maó Vic Pau Gap
    Ayr Rho Fes Ede Epe Oss Ica Ełk Niš Ufa Huế Lod Itu Jaú Ubá
"""

# The same word in another shape. Saints of every language are one: a carrier writes "St".
_SAME_WORDS = """
    st saint sainte san sant santa santo sankt sint sao sta sto ste szent
    mount mt, fort ft, puerto pto, port prt, hospitalet hosp, santiago stgo sgo, villanueva vva vnva,
    villafranca vfca, maria ma, frankfurt ffm, novo nova
"""

# Words that many cities share: two names are not the same for having one of them in common.
_COMMON = """
    st new nueva nuevo nouvelle nova novo novi nowa nowy neu neue neuer nieuw nieuwe ny nuova bad gross
    klein grand grande great little big upper lower ober unter old alt alte velikiy veliko stara stary
    north south east west nord sud sued ost norte sur sul este oeste est ouest noord zuid oost
    mount monte fort port puerto punta pointe villa ville vila vale val valle valley lake lago rio river
    castle castello castillo castel ciudad cidade beach playa praia hill hills park springs falls city isla island
    ile insel kirchen markt
"""

# Words that say nothing of which city: joints, and the city itself or its middle.
_PASSED_OVER = """
    a al am an auf aan and bei d da das de del dei della dem den der des di die do dos du e el en em et i
    im in l la las le les lez lo los na nad ob of on op pod sous sur ter ten the u und upon van von y o
    center centre centro centrum central centr tsentr zentrum city downtown ciudad cdad cd cidade citta
    ville stadt gorod misto municipio municipality municipalite commune comune gemeente gemeinde gmina concello
    ayuntamiento capital g shi
"""

# Words of places that are no city: what carriers run, areas larger than a city, and "unknown".
_NO_CITY = """
    sorting hub depot depo facility unidad unidade ud udd reparto cta cam ctp ctc ctcp cdd cee oficina office
    terminal warehouse almacen bodega delegacion plataforma plateforme platform agence agencia agency
    agentur filiale postfiliale sucursal correo correos postal postale post poste posta poczta postamt post
    paketzentrum briefzentrum
    verteilzentrum zustellbasis zustellstutzpunkt zusteller packstation paczkomat sortownia urzad placowka
    sorteercentrum sorteer smistamento ufficio relais relay pickup locker parcelshop servicepoint punto punkt
    traitement courrier colis paket parcel parcels packet mail airmail exchange isc ndc pdc carrier customs
    aduana aduanas douane zoll airport aeropuerto aeroport aeroporto flughafen logistics logistico logistica
    logistik logistique distribution distribucion distribuicao distribuzione network processing tratamiento
    tratamento operations operaciones delivery entrega livraison gateway express courier transit international
    internacional otdelenie sortirovochnyi sortirovochnyy punkt pvz postamat ops mmpo
    amazon cainiao chronopost ctt dhl dpd evri fedex gls hermes inpost mrw nacex postnl postnord seur ups usps
    region regional provincia province provincie comunidad community county district distrito comarca
    departement departamento department state estado oblast obl kray krai rayon raion voivodship wojewodztwo
    landkreis bezirk kanton prefecture area zone zona
    unknown unbekannt desconocido desconocida inconnu none null undefined other destination origin destino
    origen local overseas abroad
"""

# Spellings of one sound, for names carried from one alphabet or country to another.
_SOUNDS = (
    ("ae", "a"),
    ("oe", "o"),
    ("ue", "u"),
    ("shch", "sh"),
    ("kh", "h"),
    ("ph", "f"),
    ("ck", "k"),
    ("w", "v"),
    ("j", "i"),
    ("y", "i"),
)

#: The carriers' own codes for places have up to three letters.
_LONGEST_CODE = 3
_WORD = re.compile(r"[^\W\d_]+")


def _sounding(plain: str) -> str:
    for spelling, sound in _SOUNDS:
        plain = plain.replace(spelling, sound)
    return re.sub(r"([a-z])\1+", r"\1", plain)


def _all_words(text: str) -> list[str]:
    return _WORD.findall(_sounding(romanised(text)))


_SHAPES = {shape: word for word, *shapes in map(_all_words, _SAME_WORDS.split(",")) for shape in shapes}
#: Two names are not the same for sharing one of these.
COMMON_WORDS = frozenset(_all_words(_COMMON))
_NO_CITY_WORDS = frozenset(_all_words(_NO_CITY))
_SKIPPED = _NO_CITY_WORDS.union(_all_words(_PASSED_OVER))


def _kept(words: list[str]) -> tuple[str, ...]:
    return tuple(_SHAPES.get(word, word) for word in words if word not in _SKIPPED and word.isascii())


def _names() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Each name of a known city, and the one that stands for all."""
    for line in _sounding(romanised(_CITIES)).split("\n"):
        names = [_kept(_WORD.findall(name)) for name in line.split(",")]
        yield from ((name, names[0]) for name in names)


_STANDS_FOR = dict(_names())
#: Words that are a city: never another's misspelling.
KNOWN_CITIES = frozenset(_all_words(_LOOKALIKES)).union(
    word for name in _STANDS_FOR.values() if len(name) == 1 for word in name
)


def _deciding(words: list[str]) -> tuple[str, ...]:
    kept = _kept(words)
    if kept in _STANDS_FOR:
        return _STANDS_FOR[kept]
    return tuple(part for word in kept for part in _STANDS_FOR.get((word,), (word,)))


class CityName(NamedTuple):
    """A name made comparable. `letters` is the whole of it, empty where nothing was told; `words` are
    those that tell cities apart. `is_depot` where it names what a carrier runs, or an area; `is_vague`
    where it may be no city's name at all, or cannot be read."""

    letters: str
    words: tuple[str, ...]
    is_depot: bool
    is_vague: bool


def city_name(told: str | None) -> CityName:
    """A city's name as carriers and buyers write it: in any script, short or long, or no city at all."""
    plain = romanised(told or "")
    sounding = _sounding(plain)
    all_words = _WORD.findall(sounding)
    letters = "".join(all_words)
    words = _deciding(all_words)
    is_depot = not _NO_CITY_WORDS.isdisjoint(all_words)
    is_code = sum(map(str.isalpha, plain)) <= _LONGEST_CODE and KNOWN_CITIES.isdisjoint(words)
    return CityName(
        letters=letters if letters.isascii() else sounding.strip(),
        words=words,
        is_depot=is_depot,
        is_vague=is_depot
        or not letters.isascii()
        or is_code
        or COMMON_WORDS.issuperset(words)
        or country_code(told) is not None,
    )
