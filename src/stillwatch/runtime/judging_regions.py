"""What a watch does about regions whenever verdicts go out: judge who changed, tell the levels, leave the evidence for people."""

import logging
from pathlib import Path

import msgspec
import pyarrow as pa

from stillwatch.access.regions import Rules, evidence
from stillwatch.records import StillwatchError
from stillwatch.runtime.resting import Resting
from stillwatch.runtime.whereabouts import Whereabouts

LOG = logging.getLogger(__name__)


class Regions(msgspec.Struct, frozen=True):
    """By which rules accounts are judged, and the file of standings beside which the evidence goes."""

    rules: Rules
    standings: Path


class JudgingRegions:
    """Judges. A file of evidence that cannot be written is tried again; levels are asked all the same."""

    def __init__(self, regions: Regions) -> None:
        self._rules, self._path = regions.rules, evidence.beside(regions.standings)
        self._unwritten = True
        self._writing = Resting()

    def behind(self, whereabouts: Whereabouts | None) -> bool:
        """Whether somebody is still to be judged."""
        return whereabouts is not None and whereabouts.unjudged

    def told(self, whereabouts: Whereabouts, facts: pa.Table) -> pa.Table:
        """Facts (schema FACTS) with what is held of regions now."""
        self._unwritten |= whereabouts.judge(self._rules)
        if self._unwritten and self._writing.over:
            try:
                evidence.write(self._path, whereabouts.evidence)
            except StillwatchError as error:
                if self._writing.failed(str(error)):
                    LOG.warning("%s; the evidence about regions waits", error)
            else:
                self._writing.succeeded()
                self._unwritten = False
        return whereabouts.told(facts)
