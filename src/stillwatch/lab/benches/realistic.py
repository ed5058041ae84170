"""Marks in real sentences, and what a paraphrase by a language model leaves of them and of the sentences.

A small language model answers everyday questions, each token drawn with a mark; the texts themselves are tested, by the exact
chance over their different pairs of context and token. Then another call of the same model rewrites each text. No
student is trained: of so little text a neural student would learn nothing that could be told.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import msgspec
import numpy as np
from rich.table import Table

from stillwatch.lab.arrays import Ints
from stillwatch.lab.attacking.rewriting import Rewriting, judged
from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.lab.students.marked_text import Drawing, answers
from stillwatch.lab.students.sampling import Mark
from stillwatch.lab.students.small_model import SmallModel, absent
from stillwatch.marks.watermark import MarkKeys, Scheme, detect, marker_keys
from stillwatch.records import InvalidConfiguration

MARKS = {
    "none": None,
    "green, delta 1": Scheme(identity_share=0.0),
    "green, delta 2": Scheme(identity_share=0.0, delta=2.0),
    "gumbel, window 2": Scheme(identity_share=0.0, window=2, variant="gumbel"),
}
UNMARKED = Scheme(identity_share=0.0)  # with which texts without a mark are tested
ANSWERS, QUICK_ANSWERS = 60, 8
LENGTH = 120  # tokens of an answer at most
DRAWN = -3.0  # log10 p at most, of marked texts as drawn
INNOCENT = -4.0  # log10 p at least, of unmarked texts and their rewritings


@dataclass(frozen=True)
class Left:
    """Of one mark and seed: log10 p by the bound, as drawn, written out and read again, and rewritten."""

    tokens: int
    divergence: float | None  # nats a token
    drawn: float
    read_again: float
    rewritten: float
    rewritten_tokens: int
    rewriting: Rewriting


def measure(seeds: Sequence[int], tell: Tell, *, quick: bool) -> Report:
    if (reason := absent()) is not None:
        raise InvalidConfiguration(reason)
    found: dict[str, list[Left]] = {name: [] for name in MARKS}
    for seed in seeds:
        for name, scheme in MARKS.items():
            tell(f"seed {seed}: {name}")
            found[name].append(_left(seed, scheme, QUICK_ANSWERS if quick else ANSWERS))
    figures: Figures = {name: [msgspec.to_builtins(one) for one in some] for name, some in found.items()}
    innocent = min(min(one.drawn, one.read_again, one.rewritten) for one in found["none"])
    floors = [Floor("log10 p, texts without a mark", innocent, INNOCENT)]
    if not quick:
        floors += [
            Floor(f"log10 p, as drawn: {name}", max(one.drawn for one in some), DRAWN, at_least=False)
            for name, some in found.items()
            if name != "none"
        ]
    return Report("realistic", {"marks": figures}, floors, list(seeds), [_table(found), _cost(found)])


def _left(seed: int, scheme: Scheme | None, many: int) -> Left:
    rng = np.random.default_rng(seed)
    keys = MarkKeys(rng.bytes(32))
    model = SmallModel(seed)
    drawing = Drawing(rng, None if scheme is None else Mark(marker_keys(keys, None), scheme))
    drawn = answers(model, many, LENGTH, drawing)
    before = [model.text(one) for one in drawn]
    begun = time.process_time()
    written = [model.rewritten(text) for text in before]
    seconds = time.process_time() - begun

    def log10_p(sequences: list[Ints]) -> float:
        return detect(sequences, keys, scheme or UNMARKED, [], decoys=0).overall.log10_p_bound

    rewritten = [model.tokens(text) for text, *_ in written]
    green = scheme is not None and scheme.variant == "green"
    return Left(
        tokens=drawing.drawn,
        divergence=drawing.divergence / drawing.drawn if green else None,
        drawn=log10_p(drawn),
        read_again=log10_p([model.tokens(text) for text in before]),
        rewritten=log10_p(rewritten),
        rewritten_tokens=sum(map(len, rewritten)),
        rewriting=judged(before, written, seconds),
    )


def _table(found: dict[str, list[Left]]) -> Table:
    table = Table(
        "mark",
        title="log10 p by bound of the texts themselves, median of the seeds",
        caption="Read again: written out as text and cut into the model's tokens anew.",
    )
    for heading in ("tokens", "nats a token", "as drawn", "read again", "rewritten", "tokens rewritten"):
        table.add_column(heading, justify="right")
    for name, some in found.items():
        spent = [one.divergence for one in some if one.divergence is not None]
        table.add_row(
            name,
            f"{median(one.tokens for one in some):,.0f}",
            f"{median(spent):.3f}" if spent else "-",
            *(
                f"{median(getattr(one, when) for one in some):.1f}"
                for when in ("drawn", "read_again", "rewritten")
            ),
            f"{median(one.rewritten_tokens for one in some):,.0f}",
        )
    return table


def _cost(found: dict[str, list[Left]]) -> Table:
    table = Table(
        "mark",
        title="What the rewriting cost and kept, an answer",
        caption="One call an answer. Kept: of an answer's content words, those that stand in its rewriting; by chance: in that of another answer. "
        "Copied: of the rewriting's runs of four words, those that stand in the answer.",
    )
    for heading in ("tokens read", "drawn", "seconds", "kept", "by chance", "copied", "length"):
        table.add_column(heading, justify="right")
    for name, some in found.items():
        each = [one.rewriting for one in some]
        table.add_row(
            name,
            f"{median(one.read / one.calls for one in each):,.0f}",
            f"{median(one.drawn / one.calls for one in each):,.0f}",
            f"{median(one.seconds / one.calls for one in each):.2f}",
            f"{median(one.kept for one in each):.0%}",
            f"{median(one.by_chance for one in each):.0%}",
            f"{median(one.copied for one in each):.0%}",
            f"{median(one.length for one in each):.2f}",
        )
    return table
