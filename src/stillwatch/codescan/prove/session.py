"""Children behind walls, one after another: what ends one costs the question it was asked, and no more."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self

from stillwatch.codescan.prove.walls import Ground, Walled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from stillwatch.codescan.finding import Finding

FIND_SECONDS = 120.0  # imports of an application
ANSWER_SECONDS = 10.0  # one request
DEATHS_LIMIT = 40  # children of one session, after which the code base is left alone


class Died(Exception):
    """The child ended, or did not answer in time."""


class Spent(Exception):
    """There is no time, or no child, left."""


def place_of(finding: Finding, number: int) -> dict[str, Any]:
    """Where a finding is, as the probes inside are told."""
    at = finding.location
    form = "answer" if finding.sink == "answer" else "store" if finding.sink.endswith("[]") else "call"
    where = [at.line, at.column, at.end_line, at.end_column]
    return {"path": at.path, "at": where, "form": form, "place": number}


class Session:
    """A conversation that outlives the children it is held with."""

    def __init__(self, ground: Ground, places: Sequence[dict[str, Any]], seconds: float) -> None:
        self.ground = ground
        self._places = list(places)
        self._until = time.monotonic() + seconds
        self._avoid: list[str] = []
        self._deaths = 0
        self._child: Walled | None = self._started()
        self.generation = 0
        """How many children there were before: what one was told is not known to the next."""

    def _started(self) -> Walled:
        child = Walled(self.ground)
        child.ask({"do": "watch", "places": self._places, "avoid": self._avoid}, FIND_SECONDS)
        return child

    def ask(self, question: dict[str, Any], seconds: float = ANSWER_SECONDS) -> dict[str, Any]:
        """An answer. Raises Died where this question ended the child, and Spent where there is no time left."""
        patience = self._until - time.monotonic()
        if patience <= 0 or self._deaths > DEATHS_LIMIT:
            raise Spent
        if self._child is None:
            self._child = self._started()
        answer = self._child.ask(question, min(seconds, patience))
        if answer is not None:
            return answer
        if question["do"] in {"find", "signature"} and self._child.last is not None:
            self._avoid.append(self._child.last)
        self._child.stop()
        self._child = None
        self._deaths += 1
        self.generation += 1
        raise Died

    @property
    def folder(self) -> Path:
        return self.ground.root.parent if self.ground.root.is_file() else self.ground.root

    def avoids(self, module: str) -> bool:
        return module in self._avoid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child is not None:
            self._child.stop()
