"""How long partners take to find common accounts: tokens of both sides through a quorum of two of three, over HTTP.

Lab A has the accounts of its campaigns, lab B all of its own. Each evaluator is a process of its own on loopback, each
batch has its proof, and each answer is verified; figures hold all of it. `whole` measures the other arrangement: lab B
holds a key of its own, makes its own tokens alone, and lab A asks it; neither can guess the other's values.
"""

import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.table import Table

from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.lab.partners import Partners
from stillwatch.sharing.matching.crypto import group as curve
from stillwatch.sharing.matching.crypto import oprf
from stillwatch.sharing.matching.tokens import Asking, value_of

MORE = 1_000  # accounts that are new since the last matching
WHOLE = 2_000_000  # accounts of a lab that holds the key of the matching
SECONDS, SECONDS_MORE = 180.0, 2.0
COMMON = 3  # of four of lab A's accounts, one is not lab B's
TIMED = 512  # elements, for the cost of each step


def measure(root: Path, own: int, theirs: int, tell: Tell, *, whole: int | None = None) -> Report:
    """Match `theirs` accounts of lab A with `own` of lab B; with `whole`, also with so many of a lab with a key."""
    figures: Figures = {"microseconds_an_element": _steps()}
    labs = Partners()
    folder = labs.write(root / "threshold")
    values = [_value(at) for at in range(own)]
    asked = [_value(at if at % 4 < COMMON else own + MORE + at) for at in range(theirs)]
    with labs.evaluating(folder):
        tell(f"lab A makes tokens of {theirs:,} accounts")
        first, took_a, cpu_a = _timed(
            Asking(labs.identities["lab-a"], labs.roster, labs.keys["lab-a"]), asked
        )
        tell(f"lab B makes tokens of {own:,} accounts")
        book, took_b, cpu_b = _timed(
            Asking(labs.identities["lab-b"], labs.roster, labs.keys["lab-b"]), values
        )
        new, took_more, _ = _timed(
            Asking(labs.identities["lab-b"], labs.roster, labs.keys["lab-b"]),
            [_value(own + at) for at in range(MORE)],
        )
    wrong = _wrong(asked, first, values, book)
    figures |= {
        "theirs": theirs,
        "own": own,
        "seconds": took_a + took_b,
        "seconds_of_theirs": took_a,
        "seconds_of_own": took_b,
        "askers_cpu_microseconds_an_element": 1e6 * (cpu_a + cpu_b) / (theirs + own),
        "seconds_of_1000_more": took_more,
        "wrong": wrong,
        "distinct_tokens": len({*first, *book, *new}),
    }
    floors = [
        Floor(f"{theirs:,} x {own:,}, seconds", took_a + took_b, SECONDS, at_least=False),
        Floor("pairs wrongly found or missed", wrong, 0, at_least=False),
        Floor("1,000 new accounts, seconds", took_more, SECONDS_MORE, at_least=False),
    ]
    if whole is not None:
        floors += _whole(root, asked[:theirs], whole, figures, tell)
    return Report("match", figures, floors, [0], [_table(figures)])


def _whole(root: Path, asked: Sequence[bytes], own: int, figures: Figures, tell: Tell) -> list[Floor]:
    pair = Partners(threshold=1, holders=("lab-b",), asks=("lab-a",), limit=10 * len(asked))
    folder = pair.write(root / "whole")
    tell(f"lab B makes tokens of {own:,} accounts under a key of its own")
    values = [_value(at) for at in range(own)]
    book, took, cpu = _timed(Asking(pair.identities["lab-b"], pair.roster, pair.keys["lab-b"]), values)
    with pair.evaluating(folder):
        first, took_asked, _ = _timed(
            Asking(pair.identities["lab-a"], pair.roster, pair.keys["lab-a"]), asked
        )
    wrong = _wrong(asked, first, values, book)
    figures["whole"] = {
        "theirs": len(asked),
        "own": own,
        "seconds": took + took_asked,
        "cpu_microseconds_an_element": 1e6 * cpu / own,
        "wrong": wrong,
    }
    return [
        Floor(
            f"{len(asked):,} x {own:,} under one's own key, seconds",
            took + took_asked,
            SECONDS,
            at_least=False,
        ),
        Floor("pairs wrongly found or missed under one's own key", wrong, 0, at_least=False),
    ]


def _value(number: int) -> bytes:
    return value_of("account.payment_fp", f"card-{number}")


def _timed(asking: Asking, values: Sequence[bytes]) -> tuple[list[bytes], float, float]:
    """Tokens, seconds, and processor seconds of the asker and its workers."""
    before, started = _processor(), time.monotonic()
    found = asking.evaluate(values)
    return found, time.monotonic() - started, _processor() - before


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _wrong(
    asked: Sequence[bytes], first: Sequence[bytes], values: Sequence[bytes], book: Sequence[bytes]
) -> int:
    """Lab A's accounts that tokens say lab B has and the values do not, or the other way round."""
    known, tokens = set(values), set(book)
    return sum((value in known) != (token in tokens) for value, token in zip(asked, first, strict=True))


def _steps() -> Figures:
    """Processor time of each step, microseconds an element."""
    values = [_value(at) for at in range(TIMED)]
    blinds = [curve.random_scalar() for _ in values]
    secret = curve.random_scalar()
    public = curve.generated(secret)
    blinded = oprf.blind(values, blinds)
    evaluated = oprf.evaluate(secret, blinded)
    proof = oprf.prove(secret, public, blinded, evaluated)
    steps: dict[str, Callable[[], object]] = {
        "blind": lambda: oprf.blind(values, blinds),
        "evaluate": lambda: oprf.evaluate(secret, blinded),
        "prove": lambda: oprf.prove(secret, public, blinded, evaluated),
        "verify": lambda: oprf.verify(public, blinded, evaluated, proof),
        "finish": lambda: oprf.finalize(values, blinds, evaluated),
        "with the whole key": lambda: oprf.directly(secret, values),
    }
    found: Figures = {}
    for name, step in steps.items():
        started = time.process_time()
        step()
        found[name] = round(1e6 * (time.process_time() - started) / TIMED, 1)
    return found


def _table(figures: Figures) -> Table:
    table = Table("figure", "value", title="Private matching")
    for name, value in figures.items():
        if isinstance(value, dict):
            for part, one in value.items():
                table.add_row(f"{name}: {part}", _shown(one))
        else:
            table.add_row(name, _shown(value))
    return table


def _shown(value: object) -> str:
    return (
        f"{value:,.1f}"
        if isinstance(value, float)
        else f"{value:,}"
        if isinstance(value, int)
        else str(value)
    )
