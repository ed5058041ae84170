"""One module's findings: what looks weak, what payloads say of it, and how sure that makes one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from stillwatch.codescan import confidence
from stillwatch.codescan.engine import roots
from stillwatch.codescan.engine.following import ORDER, Verdict, follow
from stillwatch.codescan.engine.taints import hops
from stillwatch.codescan.finding import Finding, Location, Step, Unreached
from stillwatch.codescan.secrets import masking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stillwatch.codescan.engine.modules import Module
    from stillwatch.codescan.engine.project import Project
    from stillwatch.codescan.engine.sinks import Candidate
    from stillwatch.codescan.engine.taints import Taint

FOLLOWED_LIMIT = 4  # ways to one place that are followed; one that bites is enough
CODE_LIMIT = 240  # characters of the code that are shown
STEPS_LIMIT = 16


def findings(project: Project, module: Module) -> list[Finding]:
    """All findings from a module's functions on, those ruled out among them, in order of their place."""
    groups: dict[tuple[str, Location], list[Candidate]] = defaultdict(list)
    for candidate in roots.candidates(project, module):
        groups[candidate.rule.id, candidate.location].append(candidate)
    made = [_finding(project, group) for group in groups.values()]
    return sorted(made, key=lambda finding: (finding.location, finding.rule))


def unreached(project: Project) -> tuple[Unreached, ...]:
    """Calls of the module that was analysed last that no data of others was seen to reach, in order of their place."""
    made = (
        msgspec.structs.replace(one, location=_characters(project, one.location))
        for one in project.unreached.values()
    )
    return tuple(sorted(made, key=lambda one: (one.location, one.rule)))


def _finding(project: Project, group: Sequence[Candidate]) -> Finding:
    best, verdict = _surest(project, group)
    rule = best.rule
    taints = sorted(best.taints.values(), key=lambda taint: (taint.weak, taint.way.length))
    code = _code(project, best.location)
    steps = _steps(taints[0], best) if taints else ()
    judged = confidence.judge(best.hazard, taints, verdict)
    unique = {candidate.entry: None for candidate in group if candidate.entry is not None}
    return Finding(
        rule=rule.id,
        cwe=best.hazard.cwe or rule.cwe,
        cvss=rule.cvss,
        message=_message(best, taints),
        location=_characters(project, best.location),
        function=best.function,
        sink=best.sink,
        code=masking.without_literals(code) if rule.secret else code,
        trace=tuple(Step(_characters(project, step.location), step.note) for step in steps),
        inputs=tuple(dict.fromkeys(source for candidate in group for source in candidate.taints)),
        entries=tuple(unique),
        payload=verdict.payload if verdict is not None and verdict.outcome == "bites" else None,
        proof=judged.proof,
        confidence=judged.confidence,
        why=judged.why,
        refuted=judged.refuted,
    )


def _surest(project: Project, group: Sequence[Candidate]) -> tuple[Candidate, Verdict | None]:
    """The way to the place on which a payload comes furthest."""
    best: tuple[Candidate, Verdict | None] | None = None
    for candidate in _different(group)[:FOLLOWED_LIMIT]:
        own = all(source.kind in confidence.OWN_INPUTS for source in candidate.taints)
        verdict = None if own else follow(project, candidate)
        if best is None or _rank(candidate, verdict) > _rank(*best):
            best = candidate, verdict
        if verdict is not None and verdict.outcome == "bites":
            break
    assert best is not None
    return best


def _rank(candidate: Candidate, verdict: Verdict | None) -> tuple[float, float, bool]:
    strong = any(not taint.weak for taint in candidate.taints.values())
    return (2.5 if verdict is None else ORDER[verdict.outcome], candidate.hazard.confidence, strong)


def _different(group: Sequence[Candidate]) -> list[Candidate]:
    """Candidates that differ in the function they start from, handlers of requests first."""
    kept: dict[tuple[int, frozenset[object]], Candidate] = {}
    for candidate in group:
        key = (0 if candidate.root is None else id(candidate.root.routine.node), frozenset(candidate.taints))
        kept.setdefault(key, candidate)
    return sorted(kept.values(), key=lambda candidate: candidate.entry is None)


def _steps(taint: Taint, candidate: Candidate) -> tuple[Step, ...]:
    way = hops(taint.way)
    if len(way) > STEPS_LIMIT:
        way = [*way[: STEPS_LIMIT // 2], *way[-STEPS_LIMIT // 2 :]]
    steps = [Step(Location(hop.path, *hop.at), hop.note) for hop in way]
    return (*steps, Step(candidate.location, f"reaches {_named(candidate.sink)}"))


def _named(sink: str) -> str:
    return "the answer of the handler" if sink == "answer" else sink.removeprefix("?.")


def _message(candidate: Candidate, taints: Sequence[Taint]) -> str:
    if candidate.hazard.note:
        return f"{candidate.rule.title}: {candidate.hazard.note}"
    if not taints:
        return f"{candidate.rule.title}: {_named(candidate.sink)}"
    source = taints[0].input
    named = f" {source.key!r}" if source.key else ""
    return f"{candidate.rule.title}: {source.kind}{named} reaches {_named(candidate.sink)}"


def _lines(project: Project, path: str) -> tuple[str, ...]:
    module = project.modules.by_path.get(path)
    return () if module is None or module.source is None else module.source.lines


def _code(project: Project, location: Location) -> str:
    lines = _lines(project, location.path)[location.line - 1 : location.end_line]
    return "\n".join(lines).strip()[:CODE_LIMIT]


def _characters(project: Project, location: Location) -> Location:
    """The location with columns in characters, where the parser counts bytes."""
    lines = _lines(project, location.path)

    def column(line: int, offset: int) -> int:
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        if text.isascii():
            return offset
        return len(text.encode()[: offset - 1].decode("utf-8", "ignore")) + 1

    start, end = column(location.line, location.column), column(location.end_line, location.end_column)
    return Location(location.path, location.line, start, location.end_line, end)
