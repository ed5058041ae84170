"""Which CWEs answer a category of a suite: its own, and those the CWE list files above, below or beside it.

Scanners name the same weakness by different numbers: a hard-wired MD5 is 327, 328 or 916. A category is answered by
each number that CWE's own hierarchy (view 1000) puts in direct kinship with it, so no scanner loses by its choice.
"""

from collections.abc import Mapping

CATEGORIES: Mapping[str, frozenset[int]] = {
    "cmdi": frozenset({74, 77, 78, 88}),
    "codeinj": frozenset({74, 94, 95, 96}),
    "deserialization": frozenset({502, 915}),
    "hash": frozenset({327, 328, 916}),
    "ldapi": frozenset({74, 90, 943}),
    "pathtraver": frozenset({22, 23, 36, 73}),
    "redirect": frozenset({601}),
    "securecookie": frozenset({311, 614, 1004}),
    "sqli": frozenset({74, 89, 564, 943}),
    "ssrf": frozenset({441, 918}),
    "trustbound": frozenset({501}),
    "weakrand": frozenset({330, 331, 338, 340}),
    "xpathi": frozenset({74, 91, 643, 943}),
    "xss": frozenset({74, 79, 80, 83, 116}),
    "xxe": frozenset({611, 776, 827}),
}


def answers(category: str, cwe: int) -> frozenset[int]:
    """CWEs that count as a hit on a case of the category; one without an entry is answered by its own number."""
    return CATEGORIES.get(category, frozenset()) | {cwe}
