"""The counter-measures that are compared, as what a harvester gets to see under each."""

from typing import NamedTuple

from stillwatch.marks.watermark import Scheme


class CounterMeasure(NamedTuple):
    """What answers show; what customers have to do without, in words."""

    name: str
    probabilities: bool = False  # of the likeliest next tokens, with each token
    reasoning: bool = True
    delta: float | None = None  # of the mark
    rebuilt: bool = False  # the harvester asks for the steps one by one instead
    lost: str = "nothing"

    @property
    def scheme(self) -> Scheme:
        """Under the global key in all contexts."""
        return Scheme(identity_share=0.0, delta=self.delta or 0.0)


NO_PROBABILITIES = "log-probabilities"
NO_REASONING = "log-probabilities, reasoning"
MEASURES = (
    CounterMeasure("none", probabilities=True),
    CounterMeasure("surface reduced", lost=NO_PROBABILITIES),
    CounterMeasure("reasoning stripped", reasoning=False, lost=NO_REASONING),
    CounterMeasure("reasoning stripped, steps asked", reasoning=False, rebuilt=True, lost=NO_REASONING),
    CounterMeasure("mark, delta 0.5", delta=0.5, lost=NO_PROBABILITIES),
    CounterMeasure("mark, delta 1", delta=1.0, lost=NO_PROBABILITIES),
    CounterMeasure("mark, delta 2", delta=2.0, lost=NO_PROBABILITIES),
)
