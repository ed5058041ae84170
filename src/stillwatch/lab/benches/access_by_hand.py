"""Share graphs that were worked out by hand, cycles among them, and what is wrong where an answer is not the same.

Each case has holdings, listed owners and, for an entity, the share by product and by control (threshold one half) with
the answers to `more than half` and `at least half`.
"""

from datetime import date
from typing import NamedTuple

import pyarrow as pa

from stillwatch.access.ownership import ANSWERS, Holdings, Rule, build, decide
from stillwatch.access.tabular import Rejected

CLOSE = 1e-9
DAY = date(2026, 1, 1)


class Expected(NamedTuple):
    """By product: share, met at `>`, met at `>=`. By control the same; its share differs by the compare."""

    entity: str
    product: float
    product_met: tuple[bool, bool]
    control: tuple[float, float]
    control_met: tuple[bool, bool]


class Case(NamedTuple):
    """`why` is the working."""

    name: str
    why: str
    listed: str
    holdings: str
    expected: list[Expected]


N, Y = False, True
CASES = [
    Case(
        "a direct holding",
        "51 % is more than half in both readings",
        "p",
        "p>a 0.51",
        [Expected("a", 0.51, (Y, Y), (0.51, 0.51), (Y, Y))],
    ),
    Case(
        "exactly half",
        "at least half, not more than half",
        "p",
        "p>a 0.5, q>a 0.5",
        [Expected("a", 0.5, (N, Y), (0.5, 0.5), (N, Y))],
    ),
    Case(
        "exactly half of three that are not exact in binary",
        "0.1 + 0.2 + 0.2 is half",
        "p q r",
        "p>a 0.1, q>a 0.2, r>a 0.2",
        [Expected("a", 0.5, (N, Y), (0.5, 0.5), (N, Y))],
    ),
    Case(
        "a chain",
        "0.6 x 0.6 = 0.36 by product; a is controlled, so its 0.6 of b counts whole",
        "p",
        "p>a 0.6, a>b 0.6",
        [Expected("b", 0.36, (N, N), (0.6, 0.6), (Y, Y))],
    ),
    Case(
        "many small ways",
        "all of z is held by companies of which p has 0.4, and controls none",
        "p",
        "p>a 0.4, p>b 0.4, p>c 0.4, p>d 0.4, p>e 0.4, a>z 0.3, b>z 0.3, c>z 0.2, d>z 0.1, e>z 0.1",
        [Expected("z", 0.4, (N, N), (0.0, 0.0), (N, N))],
    ),
    Case(
        "product more, control less",
        "0.45 of a and of b, which hold 0.9 of c between them, and 0.1 itself: 0.45 x 0.9 + 0.1 = 0.505",
        "p",
        "p>a 0.45, p>b 0.45, a>c 0.45, b>c 0.45, p>c 0.1",
        [Expected("c", 0.505, (Y, Y), (0.1, 0.1), (N, N))],
    ),
    Case(
        "two listed together",
        "0.3 + 0.2 = 0.5",
        "p q",
        "p>a 0.3, q>a 0.2, o>a 0.5",
        [Expected("a", 0.5, (N, Y), (0.5, 0.5), (N, Y))],
    ),
    Case(
        "a listed owner of a listed owner is not counted twice",
        "q is listed itself, so all of its 0.4 counts, once",
        "p q",
        "p>q 1, q>a 0.4",
        [Expected("a", 0.4, (N, N), (0.4, 0.4), (N, N))],
    ),
    Case(
        "cross-holdings",
        "a = 0.4 + 0.5 b, b = 0.5 a, so a = 0.4 / 0.75 = 8/15 and b = 4/15; by control p's 0.4 is too little",
        "p",
        "p>a 0.4, b>a 0.5, a>b 0.5, o>a 0.1, o>b 0.5",
        [
            Expected("a", 8 / 15, (Y, Y), (0.4, 0.4), (N, N)),
            Expected("b", 4 / 15, (N, N), (0.0, 0.0), (N, N)),
        ],
    ),
    Case(
        "cross-holdings under control",
        "p controls a with 0.6; a's half of b: b joins at >= only; then b's 0.4 of a counts as well; "
        "a = 0.6 + 0.4 b, b = 0.5 a: a = 0.75, b = 0.375",
        "p",
        "p>a 0.6, b>a 0.4, a>b 0.5, o>b 0.5",
        [
            Expected("a", 0.75, (Y, Y), (0.6, 1.0), (Y, Y)),
            Expected("b", 0.375, (N, N), (0.5, 0.5), (N, Y)),
        ],
    ),
    Case(
        "a ring that nobody outside owns",
        "a and b own each other whole: nothing leads to p",
        "p",
        "a>b 1, b>a 1, p>c 0.9",
        [
            Expected("a", 0.0, (N, N), (0.0, 0.0), (N, N)),
            Expected("b", 0.0, (N, N), (0.0, 0.0), (N, N)),
        ],
    ),
    Case(
        "a ring with a foot in the door",
        "p holds 0.001 of a, b the rest of a, a the whole of b: every walk ends at p; control sees 0.001",
        "p",
        "p>a 0.001, b>a 0.999, a>b 1",
        [
            Expected("a", 1.0, (Y, Y), (0.001, 0.001), (N, N)),
            Expected("b", 1.0, (Y, Y), (0.0, 0.0), (N, N)),
        ],
    ),
    Case(
        "three in a ring",
        "a = 0.2 + 0.8 c, b = 0.5 a, c = 0.5 b: a = 0.2 + 0.2 a = 0.25",
        "p",
        "p>a 0.2, c>a 0.8, a>b 0.5, o>b 0.5, b>c 0.5, o>c 0.5",
        [
            Expected("a", 0.25, (N, N), (0.2, 0.2), (N, N)),
            Expected("c", 0.0625, (N, N), (0.0, 0.0), (N, N)),
        ],
    ),
    Case(
        "a company that holds shares of itself",
        "0.4 of the 0.8 that others hold is half",
        "p",
        "a>a 0.2, p>a 0.4, o>a 0.4",
        [Expected("a", 0.5, (N, Y), (0.5, 0.5), (N, Y))],
    ),
    Case(
        "more than the whole",
        "0.6 of 1.2 is half",
        "p",
        "p>a 0.6, o>a 0.6",
        [Expected("a", 0.5, (N, Y), (0.5, 0.5), (N, Y))],
    ),
    Case(
        "the same holding from two registers",
        "the larger of both counts, not their sum",
        "p",
        "p>a 0.3, p>a 0.4",
        [Expected("a", 0.4, (N, N), (0.4, 0.4), (N, N))],
    ),
]


def wrong_answers() -> tuple[list[str], int]:
    """Answers that differ from those worked out by hand, and how many there are in all."""
    wrong: list[str] = []
    asked = 0
    for case in CASES:
        graph = build(_holdings(case.holdings))
        outcomes = decide(graph, _rules(), DAY, listed=case.listed.split(), not_served=())
        ids = graph.ids.to_pylist()
        for expected in case.expected:
            at = ids.index(expected.entity)
            for which, outcome in enumerate(outcomes):
                for reading, share, met in (
                    ("product", expected.product, expected.product_met[which]),
                    ("control", expected.control[which], expected.control_met[which]),
                ):
                    asked += 1
                    side = outcome.product if reading == "product" else outcome.control
                    found = ANSWERS[side.answer[at]] == "met"
                    if abs(side.share[at] - share) > CLOSE or found != met:
                        wrong.append(
                            f"{case.name}: {expected.entity}, {reading}, {outcome.rule.compare}: "
                            f"{side.share[at]} ({found}), not {share} ({met})"
                        )
    return wrong, asked


def _holdings(text: str) -> Holdings:
    rows = [part.replace(">", " ").split() for part in text.split(",")]
    table = pa.table(
        {
            "owner": [row[0] for row in rows],
            "owned": [row[1] for row in rows],
            "share": [float(row[2]) for row in rows],
        }
    )
    return Holdings(table, Rejected(), 0)


def _rules() -> list[Rule]:
    return [
        Rule("more", "more than half", "listed", 0.5, ">", "product", aggregate=True, source="by hand"),
        Rule("half", "at least half", "listed", 0.5, ">=", "control", aggregate=True, source="by hand"),
    ]
