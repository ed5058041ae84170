"""The first composer: names by rules of transliteration. The weights of name matching are fitted on it."""

from random import Random

from stillwatch.lab.names.sample import Composer, Entity


def _words(text: str) -> list[str]:
    return text.split()


GIVEN = _words(
    """
    Алексей Андрей Борис Виктор Владимир Геннадий Григорий Дмитрий Евгений Игорь Кирилл Константин
    Леонид Максим Михаил Николай Олег Павел Роман Сергей Юрий Ярослав
    """
)
FATHERS = _words(
    """
    Алексеевич Андреевич Борисович Викторович Владимирович Геннадьевич Григорьевич Дмитриевич Евгеньевич
    Игоревич Кириллович Максимович Михайлович Николаевич Олегович Павлович Романович Сергеевич Юрьевич
    """
)
FAMILIES = _words(
    """
    Иванцов Петрухин Кузьмичёв Соколовский Жаров Щербинин Хлебников Чижов Шумилов Цыганков Юрченко
    Яковлев Ершов Зуев Громов Дроздецкий Рябов Крылов Тихомиров Лебединский Орешкин Бобров Вихров Гущин
    Долгих Ежов Журавлёв Калужский Ляпин Муравьёв Нечаев Охотин Пахомов Ржевский Савельев Туманов Уваров
    Фомичёв Холодов Шаповалов
    """
)
STEMS = _words(
    """
    Бар Волх Горд Дубр Жил Зим Кашт Лаз Мор Невз Ост Пест Рут Сит Тур Храм Чаг Шив Щук Юд Ядр
    """
)
FAMILIES += [stem + ending for stem in STEMS for ending in ("ов", "ин", "енко", "овский")]
SISTER = 0.2
TABLES = {
    "passport": ("ё:e ж:zh х:kh ц:ts ч:ch ш:sh щ:shch ю:iu я:ia й:i ы:y э:e ъ:ie ь:", "а:a б:b в:v г:g д:d е:e з:z и:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f"),
    "english": ("ё:yo ж:zh х:kh ц:ts ч:ch ш:sh щ:shch ю:yu я:ya й:y ы:y э:e ъ: ь:", "а:a б:b в:v г:g д:d е:e з:z и:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f"),
    "german": ("ё:jo ж:sch х:ch ц:z ч:tsch ш:sch щ:schtsch ю:ju я:ja й:i ы:y э:e ъ: ь:", "а:a б:b в:w г:g д:d е:e з:s и:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f"),
    "scholars": ("ё:ë ж:ž х:x ц:c ч:č ш:š щ:šč ю:ju я:ja й:j ы:y э:è ъ: ь:", "а:a б:b в:v г:g д:d е:e з:z и:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f"),
}  # fmt: skip
LETTERS = {
    name: {pair.partition(":")[0]: pair.partition(":")[2] for half in halves for pair in half.split()}
    for name, halves in TABLES.items()
}
HAN_FAMILY = dict(zip("王李张刘陈杨赵周吴徐孙朱胡林何郭罗梁宋郑", ["wang", "li", "zhang", "liu", "chen", "yang", "zhao", "zhou", "wu", "xu", "sun", "zhu", "hu", "lin", "he", "guo", "luo", "liang", "song", "zheng"], strict=True))  # fmt: skip
HAN_GIVEN = dict(zip("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂建国文华志", ["wei", "fang", "na", "min", "jing", "li", "qiang", "lei", "jun", "yang", "yong", "yan", "jie", "juan", "tao", "ming", "chao", "xiu", "xia", "ping", "gang", "gui", "jian", "guo", "wen", "hua", "zhi"], strict=True))  # fmt: skip
ARABIC_GIVEN = [
    ("محمد", "Mohammed", "Muhammad", "Mohamed"), ("أحمد", "Ahmed", "Ahmad"), ("محمود", "Mahmoud", "Mahmud"),
    ("خالد", "Khalid", "Khaled"), ("يوسف", "Yusuf", "Youssef", "Yousef"), ("عمر", "Omar", "Umar"),
    ("حسين", "Hussein", "Husain", "Hussain"), ("علي", "Ali", "Aly"), ("سعيد", "Said", "Saeed", "Saïd"),
    ("كريم", "Karim", "Kareem"), ("فيصل", "Faisal", "Faysal"), ("عبد الله", "Abdullah", "Abdallah", "Abd Allah"),
    ("عبد الرحمن", "Abdulrahman", "Abd al-Rahman", "Abdel Rahman"), ("وليد", "Walid", "Waleed"),
    ("طارق", "Tariq", "Tarek", "Tareq"), ("نبيل", "Nabil", "Nabeel"), ("مصطفى", "Mustafa", "Mostafa", "Moustafa"),
]  # fmt: skip
ARABIC_FAMILY = [
    ("الحسن", "al-Hassan", "El Hassan", "Alhassan"), ("النجار", "al-Najjar", "El-Naggar", "Najjar"),
    ("الخطيب", "al-Khatib", "Khateeb", "El Khatib"), ("الشريف", "al-Sharif", "El Sherif", "Shareef"),
    ("حداد", "Haddad", "Hadad"), ("منصور", "Mansour", "Mansur", "Mansoor"), ("الصباغ", "al-Sabbagh", "Sabbagh"),
    ("رشيد", "Rashid", "Rasheed", "Rachid"), ("سليمان", "Suleiman", "Sulayman", "Soliman"),
    ("الزهراني", "al-Zahrani", "Zahrani"), ("قاسم", "Qasim", "Kassem", "Qassem"), ("حمدان", "Hamdan", "Hemdan"),
    ("الدمشقي", "al-Dimashqi", "Dimashki", "El Dimashqy"), ("العطار", "al-Attar", "Attar"),
    ("الفقيه", "al-Faqih", "Fakih", "Al Faqeeh"), ("الجزيري", "al-Jaziri", "Jazeeri"), ("الكردي", "al-Kurdi", "Kourdi"),
    ("المصري", "al-Masri", "El Masry", "Masri"), ("النعيمي", "al-Nuaimi", "Naimi", "Al Noaimi"),
    ("القرشي", "al-Qurashi", "Kurashi", "Qureshi"), ("الشامي", "al-Shami", "Chami", "El Shamy"),
    ("التونسي", "al-Tunisi", "Tounsi", "Tunsi"), ("الوزير", "al-Wazir", "Wazeer"), ("اليماني", "al-Yamani", "Yemeni"),
    ("بدوي", "Badawi", "Badawy", "Bedoui"), ("فرحات", "Farhat", "Ferhat"), ("لطفي", "Lutfi", "Lotfy", "Loutfi"),
    ("مراد", "Murad", "Mourad", "Morad"), ("نصار", "Nassar", "Nasar"), ("ثابت", "Thabet", "Sabet", "Thabit"),
    ("البكري", "al-Bakri", "Bakri", "El Bakry"), ("درويش", "Darwish", "Darwiche", "Derwish"),
]  # fmt: skip
WEST_GIVEN = _words(
    """
    Anna James Laura Peter Sofia Thomas Ingrid Carlos Pierre Matthew Katarina Jürgen Lukas Beatriz
    Oliver Helena Martin Camille Stefan Nora Gregor Louise Henrik Clara Antoine
    """
)
WEST_FAMILY = _words(
    """
    Müller Johansson Fernández Kowalczyk Lindström Dubois Moretti Novák Hughes McAllister Petersen Nowak
    Schröder Almeida Fitzgerald Vandenberg Albrecht Bergmann Carvalho Doyle Eriksson Fontaine Gallagher
    Hartmann Ibáñez Jensen Kessler Lombardi Marchetti Norris Olsen Pereira Quinn Rossi Svensson Tanner
    Urban Vogel Weber Ziegler
    """
)
COINED = _words(
    """
    Орбита Вектор Сигма Рассвет Меридиан Кристалл Полюс Гранит Факел Импульс Калибр Горизонт
    """
)
HAN_PLACE = dict(
    zip(
        "海星金龙东方华泰宏信瑞丰",
        ["hai", "xing", "jin", "long", "dong", "fang", "hua", "tai", "hong", "xin", "rui", "feng"],
        strict=True,
    )
)
TRADES = [
    ("贸易", "Trading"), ("科技", "Technology"), ("电子", "Electronics"), ("物流", "Logistics"), ("化工", "Chemical"),
]  # fmt: skip
WEST_COIN = _words(
    """
    Arkadia Belmont Cortexa Dunvale Estrella Fennmark Galvex Harrow Istrana Juniper Kelmar Lorant
    """
)


def latin(text: str, table: str) -> str:
    letters = LETTERS[table]
    return "".join(_like(letters.get(letter.lower(), letter), letter) for letter in text)


def _like(written: str, letter: str) -> str:
    return written.capitalize() if letter.isupper() else written


def _russian(chance: Random) -> Entity:
    return _russian_of(chance.choice(GIVEN), chance.choice(FATHERS), chance.choice(FAMILIES))


def _russian_of(given: str, father: str, family: str) -> Entity:
    full = f"{given} {father} {family}"
    ways = [full, f"{family} {given} {father}", f"{given} {family}", f"{family}, {given}"]
    tables = list(LETTERS)
    listed = [latin(f"{family}, {given} {father}", table) for table in tables[:2]]
    given_ways = [latin(way, table) for way in ways for table in tables]
    initials = latin(f"{given[0]}. {father[0]}. {family}", "english")
    return Entity(full, f"{given} {family}", "person", (*listed, full), (*given_ways, full, initials))


def _chinese_of(family: str, given: str) -> Entity:
    first = HAN_FAMILY[family].capitalize()
    parts = [HAN_GIVEN[letter] for letter in given]
    joined, apart = "".join(parts).capitalize(), " ".join(part.capitalize() for part in parts)
    ways = (
        f"{first} {joined}",
        f"{joined} {first}",
        f"{first} {apart}",
        f"{first}, {'-'.join(parts).capitalize()}",
        family + given,
    )
    return Entity(f"{first} {' '.join(parts)}", f"{first} {joined}", "person", (ways[0], ways[2], ways[4]), ways)  # fmt: skip


def _chinese(chance: Random) -> Entity:
    return _chinese_of(chance.choice(list(HAN_FAMILY)), "".join(chance.sample(list(HAN_GIVEN), 2)))


def _arabic_of(one: tuple[str, ...], two: tuple[str, ...], family: tuple[str, ...]) -> Entity:
    ways = tuple(f"{a} {b} {c}" for a in one[1:] for b in two[1:] for c in family[1:])
    short = tuple(f"{a} {c}" for a in one[1:] for c in family[1:])
    script = f"{one[0]} {two[0]} {family[0]}"
    return Entity(
        script, f"{one[0]} {family[0]}", "person", (*ways[:4], script), (*ways, *short, script, script)
    )


def _arabic(chance: Random) -> Entity:
    one, two = chance.sample(ARABIC_GIVEN, 2)
    return _arabic_of(one, two, chance.choice(ARABIC_FAMILY))


def _western_of(given: str, middle: str, family: str) -> Entity:
    full = f"{given} {middle} {family}"
    plain = full.replace("ü", "ue").replace("ö", "o").replace("á", "a")
    ways = (
        full,
        plain,
        f"{given} {family}",
        f"{family}, {given}",
        f"{given} {middle[0]}. {family}",
        f"{family} {given} {middle}",
    )
    return Entity(full, f"{given} {family}", "person", (full, f"{family}, {given} {middle}"), ways)  # fmt: skip


def _western(chance: Random) -> Entity:
    given, middle = chance.sample(WEST_GIVEN, 2)
    return _western_of(given, middle, chance.choice(WEST_FAMILY))


def _works_of(coin: str, trade: str, number: int) -> Entity:
    name = latin(coin, "english")
    english = f"{name} {trade}" + (f" No. {number}" if number else "")
    number_in = f" № {number}" if number else ""
    own = {"Trading House": "Торговый дом", "Bank": "Банк", "Plant": "Завод", "Group": "Группа"}[trade]
    ways = (
        f"{english} LLC",
        f"{english} Ltd.",
        english,
        f"ООО «{own} {coin}»{number_in}",
        f"{trade} {name} OOO" + (f" {number}" if number else ""),
    )
    return Entity(f"{coin} {trade} {number}", f"{coin} {trade} {number}", "organisation", (ways[0], ways[3]), ways)  # fmt: skip


def _han_works_of(place: str, trade: tuple[str, str]) -> Entity:
    name = "".join(HAN_PLACE[letter] for letter in place).capitalize()
    ways = (
        f"{name} {trade[1]} Co., Ltd.",
        f"{name} {trade[1]}",
        f"{place}{trade[0]}有限公司",
        f"{name} {trade[1]} Limited",
    )
    return Entity(f"{place}{trade[0]}", f"{name} {trade[0]}", "organisation", (ways[0], ways[2]), ways)


def _west_works_of(first: str, second: str, trade: str) -> Entity:
    ways = (
        f"{first} {second} {trade} GmbH",
        f"{first}{second.lower()} {trade}",
        f"{first} {second} {trade} Ltd",
        f"{first} {second} {trade} Inc.",
        f"{first}-{second} {trade}",
    )
    short = " ".join([*sorted([first, second]), trade])
    return Entity(f"{first} {second} {trade}", short, "organisation", ways[:1], ways)


def _works(chance: Random) -> Entity:
    draw = chance.random()
    if draw < 0.35:
        trade = chance.choice(["Trading House", "Bank", "Plant", "Group"])
        return _works_of(
            chance.choice(COINED) + chance.choice(["", "-М", "нефть", "сервис", "строй", "пром"]),
            trade,
            chance.choice([0, 0, 7, 12, 21, 34]),
        )
    if draw < 0.65:
        return _han_works_of("".join(chance.sample(list(HAN_PLACE), 3)), chance.choice(TRADES))
    first, second = chance.sample(WEST_COIN, 2)
    return _west_works_of(first, second, chance.choice(["Shipping", "Engineering", "Systems", "Energy"]))


def fresh(chance: Random) -> Entity:
    return chance.choice([_russian, _russian, _chinese, _arabic, _arabic, _western, _works])(chance)


def alike(chance: Random, entity: Entity) -> Entity:
    """Kin, namesakes but for one part, and houses of another trade or number."""
    name = entity.identity
    if entity.kind == "organisation":
        return _works_alike(chance, name)
    if any("а" <= letter <= "я" for letter in name.lower()):
        return _russian_alike(chance, *name.split())
    if any("\u0600" <= letter <= "\u06ff" for letter in name):
        return _arabic_alike(chance, name)
    return _latin_alike(chance, name.split())


def _russian_alike(chance: Random, given: str, father: str, family: str) -> Entity:
    if chance.random() < SISTER:
        return _russian_of(*_feminine(given, father, family))
    if chance.random() < 0.5:
        return _russian_of(chance.choice(GIVEN), father, family)
    return _russian_of(given, father, chance.choice(FAMILIES))


def _arabic_alike(chance: Random, name: str) -> Entity:
    house = next(one for one in ARABIC_FAMILY if name.endswith(one[0]))
    own = next(one for one in ARABIC_GIVEN if name.startswith(one[0] + " "))
    other = chance.choice([one for one in ARABIC_GIVEN if one[0] not in name])
    if chance.random() < 0.5:
        return _arabic_of(other, own, house)
    return _arabic_of(own, other, chance.choice(ARABIC_FAMILY))


def _latin_alike(chance: Random, parts: list[str]) -> Entity:
    if parts[0].lower() in HAN_FAMILY.values() and all(part in HAN_GIVEN.values() for part in parts[1:]):
        family = next(letter for letter, sound in HAN_FAMILY.items() if sound == parts[0].lower())
        one = next(letter for letter, sound in HAN_GIVEN.items() if sound == parts[1])
        return _chinese_of(family, one + chance.choice(list(HAN_GIVEN)))
    if chance.random() < 0.5:
        return _western_of(chance.choice(WEST_GIVEN), parts[1], parts[2])
    return _western_of(parts[0], parts[1], chance.choice(WEST_FAMILY))


def _feminine(given: str, father: str, family: str) -> tuple[str, str, str]:
    """The namesake that is a woman."""
    ending = "ская" if family.endswith("ский") else "а" if family.endswith(("ов", "ев", "ёв", "ин")) else ""
    return (
        given[:-1] + "я" if given.endswith("й") else given + "а",
        father.removesuffix("ич") + "на",
        family.removesuffix("ский") + ending if ending == "ская" else family + ending,
    )


def _works_alike(chance: Random, name: str) -> Entity:
    parts = name.split()
    if parts[-1].isdigit():
        return _works_of(parts[0], " ".join(parts[1:-1]), chance.choice([3, 8, 11, 45]))
    if len(parts) == 1:
        return _han_works_of(
            name[:2] + chance.choice(list(HAN_PLACE)), next(one for one in TRADES if name.endswith(one[0]))
        )
    return _west_works_of(parts[0], chance.choice(WEST_COIN), parts[2])


def distort(chance: Random, name: str) -> str:
    """One letter left out, doubled, or swapped with the next."""
    at = chance.randrange(1, max(2, len(name) - 1))
    way = chance.randrange(3)
    if way == 0:
        return name[:at] + name[at + 1 :]
    if way == 1:
        return name[:at] + name[at] + name[at:]
    return name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]


COMPOSER = Composer(fresh, alike, distort)
