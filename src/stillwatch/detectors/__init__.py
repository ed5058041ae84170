"""Every detector in this folder, and every one installed beside it, by id.

A detector keeps additive per-account state in `observe` and turns it into one number a group in
`measure`. How surprising a number is, is not its business: `campaigns.calibration` judges it against
the provider's own benign groups.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import ClassVar, Literal, Protocol

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal
from stillwatch.linking.scene import Scene

Key = Literal["control", "extraction"]


class Detector(Protocol):
    """What a file in this folder defines; its module docstring is its user documentation."""

    id: ClassVar[str]
    key: ClassVar[Key]
    kind: ClassVar[str]  # the facet it looks at; groups made by keys of this kind do not judge it
    needs: ClassVar[
        frozenset[str]
    ]  # fields without which it sees nothing; account fields as "account.payment_fp"
    claim: ClassVar[str]  # sentence with {value} and {expected}
    floor: ClassVar[float]  # smallest spread of the value that benign groups are credited with
    true_positives: ClassVar[Sequence[Rehearsal]]
    true_negatives: ClassVar[Sequence[Rehearsal]]

    def observe(self, batch: Observed) -> None:
        """Take in exchanges in event-time order; any cut into batches gives the same state."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        """One number a group from what was observed so far."""


def catalogue() -> dict[str, type[Detector]]:
    """All detectors by id."""
    here = [import_module(f"{__name__}.{module.name}").DETECTOR for module in iter_modules(__path__)]
    installed = [entry.load() for entry in entry_points(group="stillwatch.detectors")]
    return {detector.id: detector for detector in [*here, *installed]}
