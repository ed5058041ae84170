"""The second composer: parts of names with the spellings that people use, by hand. Weights are fitted on it as well."""

from random import Random
from typing import TYPE_CHECKING

from stillwatch.lab.names.sample import Composer, Entity

if TYPE_CHECKING:
    from stillwatch.access.names import Kind

Part = tuple[str, ...]  # in its own script first


def _parts(text: str) -> list[Part]:
    return [tuple(line.strip().split("/")) for line in text.strip().split("\n")]


CYRILLIC_GIVEN = _parts(
    """
    Александр/Alexander/Aleksandr/Alexandr
    Анатолий/Anatoly/Anatoli/Anatolij
    Валентин/Valentin/Walentin
    Василий/Vasily/Vasili/Wassili
    Вячеслав/Vyacheslav/Viacheslav/Vjačeslav
    Денис/Denis/Denys
    Захар/Zakhar/Zahar/Sachar
    Иван/Ivan/Iwan
    Илья/Ilya/Ilia/Ilja
    Лев/Lev/Lew
    Матвей/Matvey/Matvei/Matwej
    Никита/Nikita/Nikyta
    Пётр/Pyotr/Petr/Piotr
    Руслан/Ruslan/Rouslan
    Семён/Semyon/Semen/Semjon
    Станислав/Stanislav/Stanislaw
    Тимофей/Timofey/Timofei/Timofej
    Фёдор/Fyodor/Fedor/Fjodor
    Эдуард/Eduard/Edouard
    Артём/Artyom/Artem/Artjom
    """
)
CYRILLIC_FAMILY = _parts(
    """
    Беляков/Belyakov/Beliakov/Beljakow
    Воробьёв/Vorobyov/Vorobyev/Worobjow
    Голубев/Golubev/Goloubev/Golubew
    Давыдов/Davydov/Davidov/Dawydow
    Жданов/Zhdanov/Jdanov/Schdanow
    Захаров/Zakharov/Zaharov/Sacharow
    Кудряшов/Kudryashov/Kudriashov/Kudrjaschow
    Логинов/Loginov/Loguinov
    Масляков/Maslyakov/Masliakov
    Никифоров/Nikiforov/Nikiforoff
    Овчинников/Ovchinnikov/Ovtchinnikov/Owtschinnikow
    Поляков/Polyakov/Poliakoff/Poljakov
    Расторгуев/Rastorguev/Rastorgouev
    Сафронов/Safronov/Safronow
    Третьяков/Tretyakov/Tretiakov/Tretjakow
    Устинов/Ustinov/Oustinov
    Филатов/Filatov/Filatow
    Харитонов/Kharitonov/Haritonov/Charitonow
    Чеботарёв/Chebotaryov/Chebotarev/Tschebotarjow
    Шестаков/Shestakov/Chestakov/Schestakow
    Щеглов/Shcheglov/Scheglov/Ščeglov
    Ямпольский/Yampolsky/Iampolski/Jampolskij
    Белинский/Belinsky/Belinski/Bielinsky
    Грибоедский/Griboedsky/Griboyedsky
    Мещеряков/Meshcheryakov/Mescheriakov
    Черкасов/Cherkasov/Tcherkassov/Tscherkassow
    Зиновьев/Zinoviev/Zinovyev/Sinowjew
    Колесников/Kolesnikov/Kolesnikow
    """
)
CYRILLIC_FATHER = _parts(
    """
    Александрович/Aleksandrovich/Alexandrovitch
    Анатольевич/Anatolyevich/Anatolievich
    Васильевич/Vasilyevich/Vasilievich
    Денисович/Denisovich/Denissowitsch
    Иванович/Ivanovich/Iwanowitsch
    Ильич/Ilyich/Ilich
    Львович/Lvovich/Lwowitsch
    Петрович/Petrovich/Petrovitch
    Семёнович/Semyonovich/Semenovich
    Фёдорович/Fyodorovich/Fedorovich
    """
)
ARABIC_GIVEN = _parts(
    """
    إبراهيم/Ibrahim/Ebrahim/Ibraheem
    إسماعيل/Ismail/Ismael/Esmail
    أنور/Anwar/Anwer
    بلال/Bilal/Belal
    جمال/Jamal/Gamal/Djamel
    حسن/Hasan/Hassan
    حمزة/Hamza/Hamzah
    رامي/Rami/Ramy
    زياد/Ziad/Ziyad
    سامي/Sami/Samy
    صلاح/Salah/Saleh
    عادل/Adel/Adil
    عبد العزيز/Abdulaziz/Abdelaziz/Abd al-Aziz
    عبد الكريم/Abdulkarim/Abdelkrim/Abdul Kareem
    عثمان/Othman/Osman/Uthman
    فؤاد/Fuad/Fouad
    ماجد/Majid/Maged/Majed
    مروان/Marwan/Merwan
    ناصر/Nasser/Nasir/Naser
    هشام/Hisham/Hicham/Hesham
    ياسر/Yasser/Yasir/Yaser
    """
)
ARABIC_FAMILY = _parts(
    """
    الأنصاري/al-Ansari/Ansari/El Ansary
    البغدادي/al-Baghdadi/Baghdadi
    التميمي/al-Tamimi/Tamimi/Al Tamimy
    الجبوري/al-Jubouri/Jabouri/Al Juburi
    الحربي/al-Harbi/Harbi
    الدوسري/al-Dosari/Dossary/Al Dawsari
    الراشدي/al-Rashidi/Rashedi
    السعدي/al-Saadi/Saadi/Essaadi
    الطيب/al-Tayeb/Tayyib/Eltayeb
    العبيدي/al-Obeidi/Ubaidi/Al Obaidi
    الفارسي/al-Farsi/Farisi
    القحطاني/al-Qahtani/Kahtani/Al Qahtany
    المالكي/al-Maliki/Maleki
    الهاشمي/al-Hashimi/Hashemi/El Hachemi
    بركات/Barakat/Barakatt
    جابر/Jaber/Jabir/Gaber
    زيدان/Zidan/Zaidan/Zeidan
    شاهين/Shahin/Shaheen/Chahine
    عباس/Abbas/Abbass
    غانم/Ghanem/Ghanim
    """
)
HAN_FAMILY = _parts(
    """
    黄/Huang
    高/Gao/Kao
    马/Ma
    唐/Tang
    冯/Feng
    邓/Deng
    曹/Cao
    彭/Peng
    曾/Zeng
    萧/Xiao/Hsiao
    田/Tian/Tien
    董/Dong/Tung
    袁/Yuan
    蔡/Cai
    许/Xu/Hsu
    叶/Ye/Yeh
    魏/Wei
    苏/Su
    丁/Ding
    任/Ren/Jen
    """
)
HAN_GIVEN = _parts(
    """
    雪/Xue/Hsueh
    梅/Mei
    红/Hong/Hung
    波/Bo
    鹏/Peng
    宇/Yu
    浩/Hao
    欣/Xin/Hsin
    佳/Jia
    晨/Chen
    东/Dong
    云/Yun
    亮/Liang
    海/Hai
    春/Chun
    玲/Ling
    荣/Rong/Jung
    松/Song/Sung
    成/Cheng
    林/Lin
    健/Jian/Chien
    燕/Yan/Yen
    """
)
ELSEWHERE_GIVEN = _parts(
    """
    José/Jose
    François/Francois
    Björn/Bjorn/Bjoern
    Željko/Zeljko
    Agnieszka/Agnieska
    Giuseppe/Guiseppe
    Zoë/Zoe
    Stephen/Steven
    Catherine/Katherine
    Eric/Erik
    Marc/Mark
    Sebastián/Sebastian
    Renée/Renee
    Dieter/Dietar
    """
)
ELSEWHERE_FAMILY = _parts(
    """
    Gonçalves/Goncalves
    Hernández/Hernandez
    O'Sullivan/O Sullivan/OSullivan
    De la Cruz/Delacruz/de la Cruz
    Schäfer/Schaefer/Schafer
    Weiß/Weiss
    Wójcik/Wojcik
    Sørensen/Sorensen/Soerensen
    Horváth/Horvath
    Popović/Popovic/Popovich
    van der Meer/Vandermeer
    MacDonald/Mac Donald/McDonald
    Thompson/Thomson
    Lefèvre/Lefevre/Lefebvre
    Castellanos/Castelanos
    Brandt/Brand
    """
)
COINS = _parts(
    """
    Звезда/Zvezda/Swesda
    Прогресс/Progress
    Восход/Voskhod/Voshod
    Алмаз/Almaz
    Маяк/Mayak/Majak
    Титан/Titan
    Радуга/Raduga/Radouga
    Сокол/Sokol
    Буран/Buran/Bouran
    Метеор/Meteor
    النور/Al Noor/Nour/Al-Nur
    النجم/Al Najm/Najm
    الفجر/Al Fajr/Fajr
    الوادي/Al Wadi/Wadi
    Aurelian/Aurelian
    Brightwater/Bright Water
    Castlemere/Castle Mere
    Deltaforge/Delta Forge
    Evermont/Evermont
    Foxglove/Foxglove
    Granholm/Granholm
    Hexalon/Hexalon
    """
)
QUALIFIERS = [
    "Baltic",
    "Pacific",
    "Alpine",
    "Central",
    "Nordic",
    "Orient",
    "Levant",
    "Ural",
    "Amber",
    "Delta",
]
TRADES = ["Shipping", "Trading", "Technologies", "Investment", "Energy", "Steel", "Logistics", "Electronics"]
FORMS = ["LLC", "Ltd", "Limited", "JSC", "FZE", "Inc", "Co.", "S.A."]
HAN_WORKS = _parts(
    """
    天/Tian
    盛/Sheng
    鑫/Xin
    达/Da
    兴/Xing
    安/An
    通/Tong
    联/Lian
    康/Kang
    博/Bo
    """
)
HAN_TRADES = [
    ("国际贸易", "International Trading"),
    ("航运", "Shipping"),
    ("能源", "Energy"),
    ("投资", "Investment"),
]


def _ways(chance: Random, parts: list[Part], count: int) -> list[str]:
    """Some ways to write these parts in Latin letters."""
    return [" ".join(chance.choice(part[1:]) for part in parts) for _ in range(count)]


def _identity(*parts: Part) -> str:
    return "|".join("/".join(part) for part in parts)


def _person(chance: Random, given: Part, middle: Part, family: Part) -> Entity:
    script = not given[0].isascii() and given[0][0] not in "JFBŽZ"
    ways = _ways(chance, [given, middle, family], 4) + _ways(chance, [given, family], 3)
    ways += [
        f"{way[0]}, {way[1]}"
        for way in ((chance.choice(family[1:]), chance.choice(given[1:])) for _ in range(2))
    ]
    ways += _ways(chance, [family, given], 1)
    own = f"{given[0]} {middle[0]} {family[0]}"
    listed = [
        *_ways(chance, [given, middle, family], 2),
        f"{chance.choice(family[1:])}, {chance.choice(given[1:])} {chance.choice(middle[1:])}",
    ]
    if script:
        ways += [own, f"{given[0]} {family[0]}"]
        listed.append(own)
    return Entity(
        _identity(given, middle, family), _identity(given, family), "person", tuple(listed), tuple(ways)
    )


def _cyrillic(chance: Random) -> Entity:
    return _person(
        chance, chance.choice(CYRILLIC_GIVEN), chance.choice(CYRILLIC_FATHER), chance.choice(CYRILLIC_FAMILY)
    )


def _arabic(chance: Random) -> Entity:
    given, middle = chance.sample(ARABIC_GIVEN, 2)
    return _person(chance, given, middle, chance.choice(ARABIC_FAMILY))


def _elsewhere(chance: Random) -> Entity:
    given, middle = chance.sample(ELSEWHERE_GIVEN, 2)
    return _person(chance, given, middle, chance.choice(ELSEWHERE_FAMILY))


def _han_person(chance: Random, family: Part, given: list[Part]) -> Entity:
    def latin() -> tuple[str, list[str]]:
        return chance.choice(family[1:]), [chance.choice(part[1:]) for part in given]

    ways: list[str] = [family[0] + "".join(part[0] for part in given)] * 2
    for _ in range(3):
        first, rest = latin()
        joined = "".join(rest).capitalize()
        ways += [
            f"{first} {joined}",
            f"{joined} {first}",
            f"{first} {' '.join(rest)}",
            f"{first} {'-'.join(rest)}",
        ]
    plain = f"{family[1]} {''.join(part[1] for part in given).capitalize()}"
    return Entity(_identity(family, *given), plain, "person", (plain, ways[0]), tuple(ways))


def _chinese(chance: Random) -> Entity:
    return _han_person(chance, chance.choice(HAN_FAMILY), chance.sample(HAN_GIVEN, 2))


def _house(chance: Random, coin: Part, qualifier: str, trade: str) -> Entity:
    kind: Kind = "organisation"
    ways = []
    for _ in range(6):
        name = chance.choice(coin[1:])
        form = chance.choice(FORMS)
        ways += [
            f"{qualifier} {name} {trade} {form}",
            f"{name} {qualifier} {trade}",
            f"{qualifier} {name} {trade}",
        ]
    listed = (f"{qualifier} {coin[1]} {trade} {chance.choice(FORMS)}",)
    identity = _identity(coin) + qualifier + trade
    return Entity(identity, identity, kind, listed, tuple(ways))


def _han_house(parts: list[Part], trade: tuple[str, str]) -> Entity:
    own = "".join(part[0] for part in parts)
    name = "".join(part[1] for part in parts).capitalize()
    ways = (
        f"{own}{trade[0]}有限公司",
        f"{name} {trade[1]} Co., Ltd",
        f"{name} {trade[1]}",
        f"{own}{trade[0]}公司",
    )
    identity = _identity(*parts) + trade[1]
    return Entity(identity, name + trade[1], "organisation", ways[:2], ways)


def _works(chance: Random) -> Entity:
    if chance.random() < 0.3:
        return _han_house(chance.sample(HAN_WORKS, 3), chance.choice(HAN_TRADES))
    return _house(chance, chance.choice(COINS), chance.choice(QUALIFIERS), chance.choice(TRADES))


def fresh(chance: Random) -> Entity:
    return chance.choice([_cyrillic, _cyrillic, _arabic, _arabic, _chinese, _elsewhere, _works])(chance)


def alike(chance: Random, entity: Entity) -> Entity:
    """One part is another: of kin, of a namesake, of a house with another qualifier."""
    if entity.kind == "organisation":
        return _house_alike(chance, entity.identity)
    parts = [tuple(part.split("/")) for part in entity.identity.split("|")]
    for pool, family in (
        (CYRILLIC_GIVEN, CYRILLIC_FAMILY),
        (ARABIC_GIVEN, ARABIC_FAMILY),
        (ELSEWHERE_GIVEN, ELSEWHERE_FAMILY),
    ):
        if parts[0] in pool:
            if chance.random() < 0.5:
                return _person(chance, chance.choice(pool), parts[1], parts[2])
            return _person(chance, parts[0], parts[1], chance.choice(family))
    return _han_person(chance, parts[0], [parts[1], chance.choice(HAN_GIVEN)])


def _house_alike(chance: Random, identity: str) -> Entity:
    for coin in COINS:
        if identity.startswith(_identity(coin)):
            trade = next(one for one in TRADES if identity.endswith(one))
            return _house(chance, coin, chance.choice(QUALIFIERS), trade)
    line = next(one for one in HAN_TRADES if identity.endswith(one[1]))
    parts = [tuple(part.split("/")) for part in identity.removesuffix(line[1]).split("|")]
    return _han_house([*parts[:2], chance.choice(HAN_WORKS)], line)


NEXT_KEYS = {
    "a": "s",
    "e": "r",
    "i": "o",
    "o": "p",
    "n": "m",
    "r": "t",
    "s": "d",
    "l": "k",
    "t": "y",
    "v": "b",
}


def distort(chance: Random, name: str) -> str:
    """A neighbouring key is hit, or a blank is lost."""
    if chance.random() < 0.25 and " " in name:
        return name.replace(" ", "", 1)
    places = [at for at, letter in enumerate(name) if letter in NEXT_KEYS and at]
    if not places:
        return name
    at = chance.choice(places)
    return name[:at] + NEXT_KEYS[name[at]] + name[at + 1 :]


COMPOSER = Composer(fresh, alike, distort)
