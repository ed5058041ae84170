"""A scan with what a model suspects beside what was found; nothing that was found is changed by it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from stillwatch.codescan.model import hypotheses
from stillwatch.codescan.model.asking import Matter
from stillwatch.codescan.model.hiding import hidden
from stillwatch.codescan.model.hypotheses import Subject
from stillwatch.codescan.model.keeping import digest
from stillwatch.codescan.model.wording import question
from stillwatch.codescan.secrets.placeholders import is_test
from stillwatch.codescan.setting_aside import decided
from stillwatch.codescan.syntax.reading import Unreadable, decoded

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from stillwatch.codescan.finding import Finding
    from stillwatch.codescan.model.asking import Asker
    from stillwatch.codescan.scan import Scan
    from stillwatch.codescan.setting_aside import Baseline

FILE_LIMIT = 60_000  # bytes of a file that is shown; larger ones are left out, since a part would mislead


@dataclass(frozen=True, slots=True)
class _Shown:
    subject: Subject
    matter: Matter


def consulted(
    scan: Scan,
    asker: Asker,
    *,
    baseline: Baseline | None = None,
    only: Container[str] | None = None,
    calls: int | None = None,
) -> Scan:
    """The scan with the model's hypotheses as further findings, and the account of what it was asked.

    `only` are the files that may be sent, if not all; `calls` the questions of the budget that may be asked here, if not all.
    """
    shown = _shown(scan, asker, only, asker.left if calls is None else min(calls, asker.left))
    if shown:
        size = sum(one.matter.size for one in shown)
        asker.tell(
            f"model: {len(shown)} files ({size:,} bytes of code) are for {asker.endpoint.model} at {asker.endpoint.place}: "
            + ", ".join(f"{one.matter.path} ({one.matter.size:,})" for one in shown)
        )
    else:
        asker.tell("model: there is no file to ask it about; nothing is sent")
    proposed: list[Finding] = []
    for one in shown:
        asked = question(hypotheses.task(one.subject), hypotheses.data(one.subject))
        said = asker.ask(asked, one.matter, hypotheses.read)
        if said is not None:
            proposed += hypotheses.findings(one.subject, said, asker.endpoint.model, asker.dropped)
    lines = {one.subject.path: tuple(one.subject.text.split("\n")) for one in shown}
    made, _ = decided(proposed, lines, baseline)
    asker.hypotheses += len(made)
    return msgspec.structs.replace(
        scan,
        findings=_together(scan.findings, [one for one in made if one.set_aside is None]),
        set_aside=_together(scan.set_aside, [one for one in made if one.set_aside is not None]),
        coverage=msgspec.structs.replace(scan.coverage, consulted=asker.account()),
    )


def _together(found: tuple[Finding, ...], made: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted([*found, *made], key=lambda one: (one.location, one.rule)))


def _shown(scan: Scan, asker: Asker, only: Container[str] | None, most: int) -> list[_Shown]:
    """The files that are sent: those most open to requests, that hold most calls nothing was found at."""
    reached, all_ = Counter[str](), Counter[str]()
    for one in scan.unreached:
        all_[one.location.path] += 1
        reached[one.location.path] += one.entry is not None
    paths = {path for path in {*all_, *scan.handlers} if not is_test(path) and (only is None or path in only)}
    ranked = sorted(paths, key=lambda path: (-reached[path], -scan.handlers.get(path, 0), -all_[path], path))
    made: list[_Shown] = []
    for shown in _readable(scan, ranked, asker):
        if len(made) >= most:
            break
        made.append(shown)
    return made


def _readable(scan: Scan, paths: list[str], asker: Asker) -> Iterator[_Shown]:
    known = (*scan.findings, *scan.refuted, *scan.set_aside)
    for path in paths:
        try:
            data = (scan.root if scan.root.is_file() else scan.root / path).read_bytes()
            text = decoded(data)
        except (OSError, Unreadable):  # it has changed since it was scanned
            asker.dropped["a file could not be read again"] += 1
            continue
        if len(data) > FILE_LIMIT:
            asker.dropped[f"a file of more than {FILE_LIMIT:,} bytes is not sent"] += 1
            continue
        here = tuple(one for one in known if one.location.path == path)
        shown, masked = hidden(path, text, here)
        size = len(shown.encode())
        unreached = tuple(one for one in scan.unreached if one.location.path == path)
        subject = Subject(path, text, shown, unreached, here)
        name = digest(asker.endpoint.model, hypotheses.task(subject), hypotheses.data(subject))
        yield _Shown(subject, Matter(path, size, masked, name))
