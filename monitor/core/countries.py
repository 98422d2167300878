"""The country that a carrier means, however it writes it."""
# ruff: noqa: RUF001, some names stand in the script of their country

import re
from collections.abc import Iterator

from monitor.core.transliteration import romanised

# ISO 3166-1: alpha-2, alpha-3, the common English name; and XK, which the posts use for Kosovo.
_COUNTRIES = """
    AD AND Andorra; AE ARE United Arab Emirates; AF AFG Afghanistan; AG ATG Antigua and Barbuda;
    AI AIA Anguilla; AL ALB Albania; AM ARM Armenia; AO AGO Angola; AQ ATA Antarctica; AR ARG Argentina;
    AS ASM American Samoa; AT AUT Austria; AU AUS Australia; AW ABW Aruba; AX ALA Åland Islands;
    AZ AZE Azerbaijan; BA BIH Bosnia and Herzegovina; BB BRB Barbados; BD BGD Bangladesh; BE BEL Belgium;
    BF BFA Burkina Faso; BG BGR Bulgaria; BH BHR Bahrain; BI BDI Burundi; BJ BEN Benin;
    BL BLM Saint Barthélemy; BM BMU Bermuda; BN BRN Brunei; BO BOL Bolivia; BQ BES Caribbean Netherlands;
    BR BRA Brazil; BS BHS Bahamas; BT BTN Bhutan; BV BVT Bouvet Island; BW BWA Botswana; BY BLR Belarus;
    BZ BLZ Belize; CA CAN Canada; CC CCK Cocos Islands; CD COD Democratic Republic of the Congo;
    CF CAF Central African Republic; CG COG Congo; CH CHE Switzerland; CI CIV Côte d'Ivoire;
    CK COK Cook Islands; CL CHL Chile; CM CMR Cameroon; CN CHN China; CO COL Colombia; CR CRI Costa Rica;
    CU CUB Cuba; CV CPV Cabo Verde; CW CUW Curaçao; CX CXR Christmas Island; CY CYP Cyprus; CZ CZE Czechia;
    DE DEU Germany; DJ DJI Djibouti; DK DNK Denmark; DM DMA Dominica; DO DOM Dominican Republic;
    DZ DZA Algeria; EC ECU Ecuador; EE EST Estonia; EG EGY Egypt; EH ESH Western Sahara; ER ERI Eritrea;
    ES ESP Spain; ET ETH Ethiopia; FI FIN Finland; FJ FJI Fiji; FK FLK Falkland Islands; FM FSM Micronesia;
    FO FRO Faroe Islands; FR FRA France; GA GAB Gabon; GB GBR United Kingdom; GD GRD Grenada;
    GE GEO Georgia; GF GUF French Guiana; GG GGY Guernsey; GH GHA Ghana; GI GIB Gibraltar;
    GL GRL Greenland; GM GMB Gambia; GN GIN Guinea; GP GLP Guadeloupe; GQ GNQ Equatorial Guinea;
    GR GRC Greece; GS SGS South Georgia and the South Sandwich Islands; GT GTM Guatemala; GU GUM Guam;
    GW GNB Guinea-Bissau; GY GUY Guyana; HK HKG Hong Kong; HM HMD Heard Island and McDonald Islands;
    HN HND Honduras; HR HRV Croatia; HT HTI Haiti; HU HUN Hungary; ID IDN Indonesia; IE IRL Ireland;
    IL ISR Israel; IM IMN Isle of Man; IN IND India; IO IOT British Indian Ocean Territory; IQ IRQ Iraq;
    IR IRN Iran; IS ISL Iceland; IT ITA Italy; JE JEY Jersey; JM JAM Jamaica; JO JOR Jordan; JP JPN Japan;
    KE KEN Kenya; KG KGZ Kyrgyzstan; KH KHM Cambodia; KI KIR Kiribati; KM COM Comoros;
    KN KNA Saint Kitts and Nevis; KP PRK North Korea; KR KOR South Korea; KW KWT Kuwait;
    KY CYM Cayman Islands; KZ KAZ Kazakhstan; LA LAO Laos; LB LBN Lebanon; LC LCA Saint Lucia;
    LI LIE Liechtenstein; LK LKA Sri Lanka; LR LBR Liberia; LS LSO Lesotho; LT LTU Lithuania;
    LU LUX Luxembourg; LV LVA Latvia; LY LBY Libya; MA MAR Morocco; MC MCO Monaco; MD MDA Moldova;
    ME MNE Montenegro; MF MAF Saint Martin; MG MDG Madagascar; MH MHL Marshall Islands;
    MK MKD North Macedonia; ML MLI Mali; MM MMR Myanmar; MN MNG Mongolia; MO MAC Macao;
    MP MNP Northern Mariana Islands; MQ MTQ Martinique; MR MRT Mauritania; MS MSR Montserrat; MT MLT Malta;
    MU MUS Mauritius; MV MDV Maldives; MW MWI Malawi; MX MEX Mexico; MY MYS Malaysia; MZ MOZ Mozambique;
    NA NAM Namibia; NC NCL New Caledonia; NE NER Niger; NF NFK Norfolk Island; NG NGA Nigeria;
    NI NIC Nicaragua; NL NLD Netherlands; NO NOR Norway; NP NPL Nepal; NR NRU Nauru; NU NIU Niue;
    NZ NZL New Zealand; OM OMN Oman; PA PAN Panama; PE PER Peru; PF PYF French Polynesia;
    PG PNG Papua New Guinea; PH PHL Philippines; PK PAK Pakistan; PL POL Poland;
    PM SPM Saint Pierre and Miquelon; PN PCN Pitcairn; PR PRI Puerto Rico; PS PSE Palestine;
    PT PRT Portugal; PW PLW Palau; PY PRY Paraguay; QA QAT Qatar; RE REU Réunion; RO ROU Romania;
    RS SRB Serbia; RU RUS Russia; RW RWA Rwanda; SA SAU Saudi Arabia; SB SLB Solomon Islands;
    SC SYC Seychelles; SD SDN Sudan; SE SWE Sweden; SG SGP Singapore;
    SH SHN Saint Helena, Ascension and Tristan da Cunha; SI SVN Slovenia; SJ SJM Svalbard and Jan Mayen;
    SK SVK Slovakia; SL SLE Sierra Leone; SM SMR San Marino; SN SEN Senegal; SO SOM Somalia;
    SR SUR Suriname; SS SSD South Sudan; ST STP Sao Tome and Principe; SV SLV El Salvador;
    SX SXM Sint Maarten; SY SYR Syria; SZ SWZ Eswatini; TC TCA Turks and Caicos Islands; TD TCD Chad;
    TF ATF French Southern Territories; TG TGO Togo; TH THA Thailand; TJ TJK Tajikistan; TK TKL Tokelau;
    TL TLS Timor-Leste; TM TKM Turkmenistan; TN TUN Tunisia; TO TON Tonga; TR TUR Türkiye;
    TT TTO Trinidad and Tobago; TV TUV Tuvalu; TW TWN Taiwan; TZ TZA Tanzania; UA UKR Ukraine;
    UG UGA Uganda; UM UMI United States Minor Outlying Islands; US USA United States; UY URY Uruguay;
    UZ UZB Uzbekistan; VA VAT Vatican City; VC VCT Saint Vincent and the Grenadines; VE VEN Venezuela;
    VG VGB British Virgin Islands; VI VIR United States Virgin Islands; VN VNM Vietnam; VU VUT Vanuatu;
    WF WLF Wallis and Futuna; WS WSM Samoa; XK XKX Kosovo; YE YEM Yemen; YT MYT Mayotte;
    ZA ZAF South Africa; ZM ZMB Zambia; ZW ZWE Zimbabwe
"""

# What else they are called: ISO's own long names, former names, codes beside the standard, and the
# names in the languages of the countries that AliExpress ships to most. Marks may be left out.
_OTHER_NAMES = """
    AD Andorre;
    AE UAE, Emiratos Árabes Unidos, Émirats arabes unis, Vereinigte Arabische Emirate,
        Emirados Árabes Unidos;
    AL Albanie, Albanien;
    AM Armenien, Arménie, Армения;
    AR Argentine, Argentinien, Argentine Republic;
    AT Österreich, Oesterreich, Autriche, Австрия;
    AU Australien, Australie, Австралия;
    AX Åland;
    AZ Aserbaidschan, Azerbaïdjan, Azerbaiyán, Азербайджан, Azerbaijão;
    BA Bosnia, Bosnien und Herzegowina, Bosna i Hercegovina, Bosnia y Herzegovina, Bosnie-Herzégovine,
        Bósnia e Herzegovina;
    BD Bangladés, Bangladesch;
    BE Belgien, Belgique, België, Bélgica, Belgio, Бельгия;
    BG Bulgarien, Bulgarie, България, Болгария;
    BH Bahrein, Baréin;
    BN Brunei Darussalam;
    BO Plurinational State of Bolivia, Bolivie, Bolivien;
    BQ Bonaire Sint Eustatius and Saba;
    BR Brasil, Brasilien, Brésil, Бразилия;
    BY Weißrussland, Biélorussie, Bielorrusia, Bielorrússia, Byelorussia, Белоруссия;
    CA Kanada;
    CC Cocos (Keeling) Islands;
    CD DR Congo, DRC, Congo-Kinshasa, République démocratique du Congo;
    CG Republic of the Congo, Congo-Brazzaville;
    CH Schweiz, Suisse, Svizzera, Suiza, Suíça, Swiss, Швейцария;
    CI Ivory Coast, Cote d Ivoire, Costa de Marfil, Elfenbeinküste, Costa do Marfim;
    CL Chili;
    CM Cameroun, Camerún, Kamerun;
    CN Mainland China, PRC, PR China, P.R.China, People's Republic of China, Chine, Volksrepublik China,
        Китай, КНР, 中国, 中国大陆;
    CO Kolumbien, Colombie, Колумбия;
    CU Kuba;
    CV Cape Verde, Cap-Vert;
    CY Zypern, Chypre, Chipre, Κύπρος, Кипр;
    CZ Czech Republic, Czech, Tschechien, Tschechische Republik, Chequia, República Checa, Tchéquie,
        République tchèque, Česko, Česká republika, Чехия;
    DE Deutschland, Allemagne, Alemania, Alemanha, Германия;
    DK Danmark, Dänemark, Dinamarca, Дания;
    DO República Dominicana, Dominikanische Republik, République dominicaine;
    DZ Argelia, Algérie, Algerien;
    EC Équateur, Equador, Ekuador;
    EE Eesti, Estland, Estonie, Эстония;
    EG Egipto, Égypte, Ägypten, Egito;
    ES España, Espagne, Spanien, Espanha, Spagna, Canary Islands, Islas Canarias, Испания, IC, EA;
    ET Etiopía, Éthiopie, Äthiopien;
    FI Suomi, Finnland, Finlande, Finlandia, Финляндия;
    FK Falkland Islands (Malvinas);
    FM Federated States of Micronesia;
    FO Faeroe Islands, Islas Feroe, Îles Féroé, Färöer;
    FR Frankreich, Francia, França, Франция;
    GB UK, Great Britain, Britain, England, Scotland, Wales, Northern Ireland, Grossbritannien, Royaume-Uni,
        Vereinigtes Königreich, Reino Unido, Regno Unito, Grande-Bretagne, Gran Bretaña, Grã-Bretanha,
        United Kingdom of Great Britain and Northern Ireland, Великобритания, XI;
    GE Géorgie, Georgien, Грузия, საქართველო;
    GF Guyane, Guyane française;
    GG Guernesey;
    GL Groenlandia, Groenland, Grönland;
    GQ Guinea Ecuatorial;
    GR Griechenland, Grèce, Grecia, Hellas, Ελλάδα, Ελλάς, Греция, EL;
    HK Hong Kong SAR, Hong Kong SAR China, Hong Kong China, Hongkong, Hongkong China,
        Hong Kong Special Administrative Region, 香港;
    HR Hrvatska, Kroatien, Croatie, Croacia, Хорватия;
    HU Magyarország, Ungarn, Hongrie, Hungría, Венгрия;
    ID Indonesien, Indonésie;
    IE Eire, Republic of Ireland, Irland, Irlande, Irlanda, Ирландия;
    IL Израиль, ישראל;
    IM Isla de Man, Île de Man;
    IN Indien, Inde, Индия;
    IQ Irak, Iraque;
    IR Islamic Republic of Iran;
    IS Ísland, Islande, Islandia;
    IT Italia, Italien, Italie, Италия;
    JO Jordanie, Jordania, Jordanien;
    JP Japon, Japão, Япония, 日本;
    KE Kenia, Quênia;
    KG Kirgizstan, Kirgistan, Kirghizistan, Киргизия;
    KH Camboya, Cambodge, Kambodscha;
    KN St Kitts and Nevis;
    KP Democratic People's Republic of Korea, DPRK, Corea del Norte, Corée du Nord, Nordkorea;
    KR Korea, Republic of Korea, S Korea, Südkorea, Corée du Sud, Corea del Sur, Coreia do Sul, Корея,
        Южная Корея, 대한민국;
    KW Koweït;
    KZ Kasachstan, Kazajistán, Kazakstan, Cazaquistão;
    LA Lao People's Democratic Republic;
    LB Líbano, Liban, Libanon;
    LC St Lucia;
    LT Lietuva, Litauen, Lituanie, Lituania, Литва;
    LU Luxemburg, Luxemburgo, Люксембург;
    LV Latvija, Lettland, Lettonie, Letonia, Латвия;
    LY Libia, Libye, Libyen;
    MA Marruecos, Maroc, Marokko, Marrocos;
    MD Republic of Moldova, Moldavia, Moldawien, Moldavie, Молдавия, Republik Moldau;
    ME Crna Gora;
    MF Saint Martin (French part), St Martin;
    MK Macedonia, former Yugoslav Republic of Macedonia, FYROM, Nordmazedonien, Macédoine du Nord,
        Macedonia del Norte;
    MM Burma;
    MN Mongolie, Mongolei;
    MO Macau, Macau SAR, Macau SAR China, Macao SAR, Macao SAR China, Macau China, Macao China, 澳门;
    MT Malte;
    MX Mexiko, Mexique, Мексика;
    MY Malasia, Malaisie;
    MZ Moçambique;
    NC Nouvelle-Calédonie;
    NL Holland, Nederland, Niederlande, Pays-Bas, Países Bajos, Países Baixos, Paesi Bassi, Нидерланды,
        Kingdom of the Netherlands;
    NO Norge, Noreg, Norwegen, Norvège, Noruega, Норвегия;
    NZ Neuseeland, Nouvelle-Zélande, Nueva Zelanda, Nova Zelândia;
    PE Pérou;
    PF Polynésie française;
    PH Filipinas, Philippinen;
    PK Paquistão;
    PL Polska, Polen, Pologne, Polonia, Польша;
    PM St Pierre and Miquelon;
    PR Porto Rico;
    PS State of Palestine, Palestinian Territory, Palestinian Territories;
    PT Португалия;
    PY Paraguai;
    QA Catar, Katar;
    RE La Réunion;
    RO Rumänien, Roumanie, Rumania, Румыния, Romênia;
    RS Srbija, Serbien, Serbie, Сербия, Sérvia;
    RU Russian Federation, Россия, Российская Федерация, РФ, Russland, Russie, Rusia;
    SA KSA, Kingdom of Saudi Arabia, Arabia Saudita, Arabie saoudite, Saudi-Arabien;
    SE Sverige, Schweden, Suède, Suecia, Швеция;
    SG Singapur, Singapour, Singapura;
    SH Saint Helena, St Helena;
    SI Slovenija, Slowenien, Slovénie, Eslovenia, Словения;
    SK Slovensko, Slovak Republic, Slowakei, Slovaquie, Eslovaquia, Словакия;
    SM Saint-Marin;
    SX Sint Maarten (Dutch part);
    SY Syrian Arab Republic, Siria, Syrie, Syrien;
    SZ Swaziland;
    TH Tailandia, Thaïlande;
    TJ Tayikistán, Tadjikistan, Tadschikistan;
    TL East Timor;
    TN Túnez, Tunisie, Tunesien;
    TR Turkey, Türkei, Turquie, Turquía, Турция;
    TW Taiwan Province of China, Taiwan China, Taiwan Region, Chinese Taipei, Republic of China, 台湾, 台灣;
    TZ United Republic of Tanzania, Tanzanie, Tansania;
    UA Україна, Ucrania;
    UG Ouganda;
    US US, USA, United States of America, Estados Unidos, États-Unis, Vereinigte Staaten, Stati Uniti, EE.UU.,
        EE UU, EUA,
        США;
    UY Uruguai;
    UZ Usbekistan, Ouzbékistan, Oʻzbekiston, Uzbequistão;
    VA Holy See, Vatican, Holy See (Vatican City State);
    VC St Vincent and the Grenadines;
    VE Bolivarian Republic of Venezuela;
    VI US Virgin Islands;
    VN Viet Nam, Vietnã, Vietname;
    YE Jemen;
    ZA Sudáfrica, Südafrika, Afrique du Sud, África do Sul, RSA
"""

#: Where carriers name the country or the part of it that has a code of its own, and mean the same.
PART_OF = {
    **dict.fromkeys(("BL", "GF", "GP", "MF", "MQ", "PM", "RE", "YT"), "FR"),
    **dict.fromkeys(("AS", "GU", "MP", "PR", "VI"), "US"),
    **dict.fromkeys(("GG", "IM", "JE"), "GB"),
    "AX": "FI",
    "SJ": "NO",
}

_WORD = re.compile(r"\w+")
_SMALL_WORDS = frozenset({"and", "of", "the"})


def _plain(text: str) -> str:
    return romanised(text).replace(".", "").replace("'", "")


def _key(plain: str) -> frozenset[str]:
    """The words of a name, whatever their order: "Korea, Republic of" is "Republic of Korea"."""
    return frozenset(_WORD.findall(plain)) - _SMALL_WORDS


def _entries(table: str) -> Iterator[tuple[str, str]]:
    """Each entry's first code, and what follows it. The table is made plain at one go: it is long."""
    for entry in _plain(table).split(";"):
        code, rest = entry.split(maxsplit=1)
        yield code.upper(), rest


def _by_code() -> Iterator[tuple[str, str]]:
    for alpha_2, rest in _entries(_COUNTRIES):
        yield alpha_2, alpha_2
        yield rest[:3].upper(), alpha_2


def _by_name() -> Iterator[tuple[frozenset[str], str]]:
    for alpha_2, rest in _entries(_COUNTRIES):
        yield _key(rest[3:]), alpha_2
    for alpha_2, names in _entries(_OTHER_NAMES):
        yield from ((_key(name), alpha_2) for name in names.split(","))


_BY_CODE = dict(_by_code())
_BY_NAME = dict(_by_name())


def country_code(told: str | None) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country told as a code or a name; None where it cannot be told."""
    if not told:
        return None
    return _BY_CODE.get(told) or _BY_CODE.get(told.strip().upper()) or _BY_NAME.get(_key(_plain(told)))
