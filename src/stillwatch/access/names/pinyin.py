"""Chinese names in Latin letters: whether a word is made of syllables of pinyin, and which.

Syllables of Wade-Giles that can be no pinyin are read as what they stand for. Those that can be both, and forms of
Cantonese or Hokkien, are taken as they are written.
"""

from collections.abc import Callable
from functools import cache


def _words(text: str) -> list[str]:
    return text.split()


_SERIES = {  # initials, and the finals that they go with
    "b p m f": "a ai an ang ao ei en eng i ian iao ie in ing iu o ou u",
    "d t n l": "a ai an ang ao e ei en eng i ia ian iang iao ie in ing iu ong ou u uan ue ui un uo v ve",
    "g k h zh ch sh r z c s": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "j q x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
_ALONE = "ai an ang ao ei en er ou"  # a, e and o are left out: too many names of elsewhere are made of them
LONGEST, MOST = 6, 4  # letters of a syllable; syllables of a word
SURNAMES = frozenset(
    _words(
        """
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo zheng liang xie
    song tang han feng deng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu
    ding ren yao shen zhong cui tan fan wan dai liao lei shi qian qiu qin jin xia jia fu fang zou xiong
    bai meng yin yan gong chang kang shao mao gu duan hao kong wen niu bao pang ouyang sima zhuge
    """
    )
)
_WADE_GILES = {
    "jen": "ren",
    "jung": "rong",
    "jih": "ri",
    "jui": "rui",
    "tse": "ze",
    "tzu": "zi",
    "szu": "si",
    "yen": "yan",
    "yeh": "ye",
}
_ENDINGS = (("ung", "ong"), ("ien", "ian"), ("ieh", "ie"), ("ueh", "ue"), ("uei", "ui"), ("ih", "i"))
FAMILY_READINGS = {  # characters that are read in another way as a family name
    "\u66fe": "zeng", "\u5355": "shan", "\u55ae": "shan", "\u89e3": "xie", "\u4ec7": "qiu", "\u67e5": "zha",
    "\u533a": "ou", "\u5340": "ou", "\u8983": "qin", "\u76d6": "ge", "\u7f2a": "miao", "\u6734": "piao",
}  # fmt: skip
SYLLABLES = frozenset(
    {
        initial + final
        for some, finals in _SERIES.items()
        for initial in some.split()
        for final in finals.split()
    }
    | set(_ALONE.split())
)


@cache
def syllables(word: str) -> tuple[str, ...]:
    """The syllables of a word in pinyin, or else in Wade-Giles; none where it is not made of them."""
    if len(word) > LONGEST * MOST:
        return ()
    return _split(word, _plain) or _split(word, _pinyin)


def _split(word: str, read: Callable[[str], str | None]) -> tuple[str, ...]:
    """The first syllable as long as can be."""
    for length in range(min(LONGEST, len(word)), 1, -1):
        head = read(word[:length])
        if head is None:
            continue
        if length == len(word):
            return (head,)
        rest = _split(word[length:], read)
        if rest and len(rest) < MOST:
            return (head, *rest)
    return ()


def _plain(syllable: str) -> str | None:
    return syllable if syllable in SYLLABLES else None


def _pinyin(syllable: str) -> str | None:
    if syllable in _WADE_GILES:
        return _WADE_GILES[syllable]
    if syllable.startswith("hs"):
        syllable = "x" + syllable[2:]
    for ending, stands_for in _ENDINGS:
        if syllable.endswith(ending):
            syllable = syllable.removesuffix(ending) + stands_for
            break
    return _plain(syllable)


def chinese(words: list[str], *, organisation: bool) -> list[str] | None:
    """The syllables of all words, where the name can be Chinese.

    A surname stands at one end of a person's; an organisation's has three syllables or more.
    """
    if not organisation and not (len(words) > 1 and (_surname(words[0]) or _surname(words[-1]))):
        return None
    found: list[str] = []
    for word in words:
        parts = syllables(word)
        if not parts:
            return None
        found += parts
    return found if organisation * 3 <= len(found) <= MOST + organisation * 2 else None


@cache
def _surname(word: str) -> bool:
    return word in SURNAMES or _pinyin(word) in SURNAMES
