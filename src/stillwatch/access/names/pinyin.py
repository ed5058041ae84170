"""Chinese names in Latin letters: whether a word is made of syllables of pinyin, and which.

Syllables of Wade-Giles that can be no pinyin are read as what they stand for. Those that can be both, and forms of
Cantonese or Hokkien, are taken as they are written.
"""

from functools import cache

INITIALS = "b p m f d t n l g k h j q x zh ch sh r z c s y w".split()
FINALS = (
    "a ai an ang ao e ei en eng er i ia ian iang iao ie in ing iong iu o ong ou u ua uai uan uang ue ui un uo v ve"
).split()
LONGEST, MOST = 6, 4  # letters of a syllable; syllables of a word
SURNAMES = frozenset(
    """
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo zheng liang xie song tang han
    feng deng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren yao shen zhong cui tan
    fan wan dai liao lei shi qian qiu qin jin xia jia fu fang zou xiong bai meng yin yan gong chang kang shao mao gu
    duan hao kong wen niu bao pang ouyang sima zhuge
    """.split()
)
_WADE_GILES = {"jen": "ren", "jung": "rong", "jih": "ri", "jui": "rui", "tse": "ze", "tzu": "zi", "szu": "si", "yen": "yan", "yeh": "ye"}
_ENDINGS = (("ung", "ong"), ("ien", "ian"), ("ieh", "ie"), ("ueh", "ue"), ("uei", "ui"), ("ih", "i"))
_ODD = {"a", "e", "o"}  # syllables of one letter: too many names of elsewhere are made of them


def _syllables() -> frozenset[str]:
    most = {initial + final for initial in INITIALS for final in FINALS}
    alone = {"ai", "an", "ang", "ao", "ei", "en", "er", "ou"}
    return frozenset((most | alone) - _ODD)


SYLLABLES = _syllables()


@cache
def syllables(word: str) -> tuple[str, ...]:
    """The syllables of a word, the first as long as can be; none where it is not made of them."""
    if len(word) > LONGEST * MOST:
        return ()
    if not word:
        return ()
    for length in range(min(LONGEST, len(word)), 1, -1):
        head = _pinyin(word[:length])
        if head is None:
            continue
        if length == len(word):
            return (head,)
        rest = syllables(word[length:])
        if rest and len(rest) < MOST:
            return (head, *rest)
    return ()


def _pinyin(syllable: str) -> str | None:
    if syllable in _WADE_GILES:
        return _WADE_GILES[syllable]
    if syllable.startswith("hs"):
        syllable = "x" + syllable[2:]
    for ending, stands_for in _ENDINGS:
        if syllable.endswith(ending):
            syllable = syllable.removesuffix(ending) + stands_for
            break
    return syllable if syllable in SYLLABLES else None


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


def _surname(word: str) -> bool:
    return word in SURNAMES or _pinyin(word) in SURNAMES
