"""The third composer: other names again, from other places, written and mistyped in other ways.

Figures are reported on it alone; nothing in name matching was chosen by looking at it.
"""

from random import Random
from typing import NamedTuple

from stillwatch.lab.names.sample import Composer, Entity

Spelt = tuple[str, ...]  # in its own script first, then in Latin letters


def _read(text: str) -> list[Spelt]:
    return [tuple(entry.strip().split("/")) for entry in text.replace("\n", ";").split(";") if entry.strip()]


class People(NamedTuple):
    """`written` says whether their script is another than Latin."""

    given: list[Spelt]
    family: list[Spelt]
    written: bool


EAST = People(
    _read(
        """
        Олександр/Oleksandr/Olexandr; Андрій/Andrii/Andriy; Богдан/Bohdan/Bogdan; Тарас/Taras; Юрій/Yurii/Yuriy/Jurij
        Стоян/Stoyan/Stoian; Георги/Georgi/Gueorgui; Христо/Hristo/Khristo/Christo; Пламен/Plamen; Живко/Zhivko/Jivko
        Милош/Milosh/Miloš/Milos; Драган/Dragan; Ратко/Ratko; Зоран/Zoran; Слободан/Slobodan
        Ерлан/Yerlan/Erlan; Нурсултан/Nursultan; Тимур/Timur/Timour; Рустам/Rustam/Roustam; Аслан/Aslan
        Глеб/Gleb; Аркадий/Arkady/Arkadi/Arkadiy; Савва/Savva/Sava; Филипп/Filipp/Philipp; Степан/Stepan/Stefan
        """
    ),
    _read(
        """
        Ткаченко/Tkachenko/Tkatchenko; Шевчук/Shevchuk/Chevtchouk/Szewczuk; Бойчук/Boychuk/Boichuk; Гнатюк/Hnatiuk/Gnatyuk
        Димитров/Dimitrov/Dimitroff; Стоянов/Stoyanov/Stoianov; Желязков/Zhelyazkov/Jeliazkov; Цветков/Tsvetkov/Cvetkov
        Вукович/Vukovich/Vukovic; Стефановски/Stefanovski/Stefanovsky; Јовановић/Jovanović/Jovanovic/Yovanovich
        Ахметов/Akhmetov/Ahmetov; Байжанов/Baizhanov/Bayzhanov; Сулейменов/Suleimenov/Suleymenov; Касымов/Kasymov/Kassymov
        Ветров/Vetrov/Wetrow; Зорин/Zorin/Sorin; Лужин/Luzhin/Lujin; Мальцев/Maltsev/Malzew; Рощин/Roshchin/Roschin
        Сухарев/Sukharev/Soukharev; Трофимчук/Trofimchuk; Чернышёв/Chernyshov/Chernyshev; Юшкевич/Yushkevich/Iouchkevitch
        Хворостов/Khvorostov/Hvorostov; Пыльев/Pyliev/Pylyev; Дятлов/Dyatlov/Diatlov; Ломакин/Lomakin; Бирюков/Biryukov/Biriukov
        """
    ),
    written=True,
)
SOUTH = People(
    _read(
        """
        أمين/Amin/Ameen; باسم/Basem/Bassim; توفيق/Tawfiq/Tewfik/Toufic; جعفر/Jafar/Jaafar; حبيب/Habib/Habeeb
        داود/Dawud/Daoud/Dawood; راشد/Rashed/Rashid; رضا/Rida/Reda/Reza; سلمان/Salman; شريف/Sharif/Cherif
        عادل/Adel/Adil; عبد القادر/Abdulqadir/Abdelkader/Abd al-Qadir; عبد الوهاب/Abdulwahab/Abdelwahab; غسان/Ghassan/Gassan
        فهد/Fahd/Fahad; كمال/Kamal/Kemal; لؤي/Louay/Luay; منير/Munir/Mounir; نديم/Nadim/Nadeem; نزار/Nizar
        هيثم/Haitham/Haytham; وسام/Wissam/Wisam; يحيى/Yahya/Yehia; حميد/Hamid/Hameed
        """
    ),
    _read(
        """
        البصري/al-Basri/Basri; التكريتي/al-Tikriti/Tikriti; الحلبي/al-Halabi/Halaby; الخوري/al-Khoury/Khouri/Khuri
        الدباغ/al-Dabbagh/Dabbagh; الرفاعي/al-Rifai/Rifaai/Refaie; السامرائي/al-Samarrai/Samarrai; الشمري/al-Shammari/Shamari
        الصالح/al-Saleh/Saleh; الطائي/al-Tai/Taie; العمري/al-Omari/Omari; الغامدي/al-Ghamdi/Ghamdi; الكناني/al-Kinani/Kenani
        المطيري/al-Mutairi/Mutayri; النابلسي/al-Nabulsi/Nabulsi; حجازي/Hijazi/Hegazy/Hejazi; خليل/Khalil/Khaleel
        سويدان/Suwaidan/Sweidan; طرابلسي/Trabelsi/Trabulsi; عبود/Abboud/Aboud; فياض/Fayyad/Fayad; قباني/Kabbani/Qabbani
        مغربي/Maghribi/Mograbi; ناجي/Naji/Nagi; يعقوب/Yaqoub/Yacoub/Yaqub
        """
    ),
    written=True,
)
WEST = People(
    _read(
        """
        Ayşe/Ayse; Çağlar/Caglar; Mehmet/Mehmed; Óscar/Oscar; André/Andre; Hélène/Helene; Søren/Soren/Soeren; Jörg/Joerg/Jorg
        Łucja/Lucja; Márta/Marta; Nicolás/Nicolas; Philippe/Philip; Geoffrey/Jeffrey; Sara/Sarah; Theodor/Theodore
        Rui/Ruy; Vasco/Vasko; Isabella/Isabela; Anton/Antone; Ludwig/Ludvig
        """
    ),
    _read(
        """
        Yılmaz/Yilmaz; Öztürk/Ozturk/Oeztuerk; Papadopoulos/Papadopulos; Żukowski/Zukowski; Peña/Pena; Núñez/Nunez
        Bäcker/Baecker/Backer; D'Angelo/Dangelo; von Hagen/Hagen; Le Goff/Legoff; Þorsson/Thorsson; Håkansson/Hakansson
        Kovács/Kovacs; Dvořák/Dvorak; Rodríguez/Rodriguez/Rodrigues; Whitaker/Whittaker; Phillips/Philips; Keller/Keler
        Martins/Martin; Oliveira/Olivera; Brunner/Bruner; Simmons/Simons; Beaulieu/Beaulieux; Lacroix/Lacroy
        """
    ),
    written=False,
)
HAN = People(
    _read(
        """
        博/Bo; 诚/Cheng; 栋/Dong; 凡/Fan; 光/Guang; 涵/Han; 慧/Hui; 俊/Jun; 凯/Kai; 兰/Lan; 蕾/Lei; 琳/Lin; 璐/Lu; 宁/Ning
        琪/Qi; 倩/Qian; 睿/Rui; 珊/Shan; 婷/Ting; 翔/Xiang; 旭/Xu; 瑶/Yao; 毅/Yi; 颖/Ying; 远/Yuan; 哲/Zhe; 子/Zi
        """
    ),
    _read(
        """
        程/Cheng; 戴/Dai; 范/Fan; 方/Fang; 傅/Fu; 韩/Han; 侯/Hou; 姜/Jiang; 金/Jin; 雷/Lei; 廖/Liao; 陆/Lu; 孟/Meng; 潘/Pan
        钱/Qian; 秦/Qin; 沈/Shen; 史/Shi; 谭/Tan; 汪/Wang; 薛/Xue; 严/Yan; 姚/Yao; 尹/Yin; 余/Yu; 邹/Zou
        """
    ),
    written=True,
)
NAMED = _read(
    """
    Аврора/Avrora/Aurora; Гефест/Gefest/Hefest; Кедр/Kedr; Лотос/Lotos; Ладога/Ladoga; Утёс/Utyos/Utes; Ясень/Yasen/Iasen
    الأمل/Al Amal/Amal; الواحة/Al Waha/Waha; الصقر/Al Saqr/Saqr; البركة/Al Baraka/Baraka
    Corvantis/Corvantis; Ironbridge/Iron Bridge; Lumenhall/Lumen Hall; Northquay/North Quay; Palmerton/Palmerton
    Quillon/Quillon; Stonewharf/Stone Wharf; Tavistan/Tavistan; Umbrosia/Umbrosia; Verdanta/Verdanta; Wexcombe/Wexcombe
    """
)
SORTS = [
    "Eastern",
    "Caspian",
    "Royal",
    "United",
    "Silver",
    "Continental",
    "Gulf",
    "Northern",
    "Prime",
    "Summit",
]
LINES = ["Maritime", "Industries", "Engineering", "Bank", "Oil", "Chemicals", "Construction", "Systems"]
SEALS = ["LLC", "L.L.C.", "Ltd.", "LTD", "PJSC", "GmbH", "S.A.", "FZCO", "Corp.", "& Co."]
HAN_NAMED = _read(
    "广/Guang; 源/Yuan; 恒/Heng; 昌/Chang; 嘉/Jia; 润/Run; 顺/Shun; 正/Zheng; 中/Zhong; 卓/Zhuo"
)
HAN_LINES = [
    ("工程", "Engineering"),
    ("建设", "Construction"),
    ("钢铁", "Steel"),
    ("技术", "Technology"),
    ("集团", "Group"),
]
TITLES = ["Mr ", "Mrs. ", "Dr. ", "Eng. ", "Prof. "]


def _one(chance: Random, part: Spelt) -> str:
    return chance.choice(part[1:] if len(part) > 1 else part)


def _person(chance: Random, people: People, given: Spelt, middle: Spelt, family: Spelt) -> Entity:
    def latin(*parts: Spelt) -> str:
        return " ".join(_one(chance, part) for part in parts)

    ways = [latin(given, middle, family), latin(given, family), latin(given, family)]
    ways += [
        f"{_one(chance, family).upper()}, {latin(given)}",
        f"{_one(chance, family).upper()} {latin(given, middle)}",
    ]
    ways += [
        f"{_one(chance, given)} {_one(chance, middle)[0]}. {_one(chance, family)}",
        f"{latin(family, given)}",
    ]
    ways += [chance.choice(TITLES) + latin(given, family), latin(given, middle, family).lower()]
    listed = [f"{_one(chance, family).upper()}, {latin(given, middle)}", latin(given, middle, family)]
    if people.written:
        own = f"{given[0]} {middle[0]} {family[0]}"
        ways += [own, f"{given[0]} {family[0]}", f"{family[0]} {given[0]}"]
        listed.append(own)
    identity = "|".join("/".join(part) for part in (given, middle, family))
    return Entity(identity, f"{given[0]} {family[0]}", "person", tuple(listed), tuple(ways))


def _any_person(chance: Random, people: People) -> Entity:
    given, middle = chance.sample(people.given, 2)
    return _person(chance, people, given, middle, chance.choice(people.family))


def _han(first: Spelt, second: Spelt, family: Spelt) -> Entity:
    joined = (first[1] + second[1]).capitalize()
    ways = (
        f"{family[1]} {joined}", f"{family[1].upper()} {joined}", f"{joined} {family[1]}", f"{family[1]}, {joined}",
        f"{first[1]}-{second[1].lower()} {family[1]}", f"{first[1]} {second[1]} {family[1]}",
        family[0] + first[0] + second[0], family[0] + first[0] + second[0],
    )  # fmt: skip
    identity = "|".join("/".join(part) for part in (first, second, family))
    return Entity(identity, f"{joined} {family[1]}", "person", (ways[1], ways[5], ways[6]), ways)


def _firm(chance: Random, named: Spelt, sort: str, line: str) -> Entity:
    ways = [
        text
        for _ in range(4)
        for text in (
            f"{_one(chance, named)} {sort} {line} {chance.choice(SEALS)}",
            f"{sort} {_one(chance, named)} {line}",
            f"{_one(chance, named)} {sort} {line}".upper(),
            f"The {sort} {_one(chance, named)} {line} Company",
        )
    ]
    identity = "|".join(("/".join(named), sort, line))
    return Entity(
        identity, identity, "organisation", (f"{named[1]} {sort} {line} {chance.choice(SEALS)}",), tuple(ways)
    )


def _han_firm(parts: list[Spelt], line: tuple[str, str]) -> Entity:
    name, own = "".join(part[1] for part in parts).capitalize(), "".join(part[0] for part in parts)
    ways = (
        f"{name} {line[1]} Co. Ltd",
        f"{own}{line[0]}股份有限公司",
        f"{own}{line[0]}",
        f"{name} {line[1]} Limited",
        f"{name.upper()} {line[1].upper()}",
    )
    identity = "|".join(["/".join(part) for part in parts] + [line[1]])
    return Entity(identity, f"{name} {line[1]}", "organisation", ways[:2], ways)


def fresh(chance: Random) -> Entity:
    draw = chance.random()
    if draw < 0.66:
        return _any_person(chance, chance.choice([EAST, EAST, SOUTH, SOUTH, WEST]))
    if draw < 0.82:
        one, two = chance.sample(HAN.given, 2)
        return _han(one, two, chance.choice(HAN.family))
    if draw < 0.87:
        return _han_firm(chance.sample(HAN_NAMED, 3), chance.choice(HAN_LINES))
    return _firm(chance, chance.choice(NAMED), chance.choice(SORTS), chance.choice(LINES))


def alike(chance: Random, entity: Entity) -> Entity:
    """A brother, a namesake of another family, a firm of another line, or of another sort."""
    parts = entity.identity.split("|")
    spelt: list[Spelt] = [tuple(part.split("/")) for part in parts]
    if entity.kind == "organisation":
        if len(parts) == 4:
            return _han_firm(
                [*spelt[:2], chance.choice(HAN_NAMED)], next(one for one in HAN_LINES if one[1] == parts[3])
            )
        if chance.random() < 0.5:
            return _firm(chance, spelt[0], chance.choice(SORTS), parts[2])
        return _firm(chance, spelt[0], parts[1], chance.choice(LINES))
    for people in (EAST, SOUTH, WEST):
        if spelt[2] in people.family:
            if chance.random() < 0.5:
                return _person(chance, people, chance.choice(people.given), spelt[1], spelt[2])
            return _person(chance, people, spelt[0], spelt[1], chance.choice(people.family))
    return _han(spelt[0], chance.choice(HAN.given), spelt[2])


def distort(chance: Random, name: str) -> str:
    """A vowel is another, a letter is doubled or single, a hyphen or a dot stands where none belongs."""
    way = chance.randrange(4)
    if way == 0:
        places = [at for at, letter in enumerate(name) if letter in "aeiou" and at]
        if places:
            at = chance.choice(places)
            return name[:at] + chance.choice("aeiou") + name[at + 1 :]
    if way == 1:
        for at in range(1, len(name)):
            if name[at] == name[at - 1] and name[at].isalpha():
                return name[:at] + name[at + 1 :]
    if way == 2 and " " in name:
        return name.replace(" ", chance.choice(["-", ".", "  "]), 1)
    at = chance.randrange(1, max(2, len(name)))
    return name[:at] + name[at - 1] + name[at:]


COMPOSER = Composer(fresh, alike, distort)
