"""SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/): what code hosts and editors read.

Findings that were ruled out, and those a comment or a baseline sets aside, are in it as suppressed results, with the
reason. Files that were not analysed are notifications of the run. Columns count characters.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from stillwatch.codescan import checks
from stillwatch.codescan.severity import score, severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stillwatch.codescan.checks import Rule
    from stillwatch.codescan.coverage import Skipped
    from stillwatch.codescan.finding import Finding, Location, Step
    from stillwatch.codescan.scan import Scan

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "none": "none"}
Object = dict[str, Any]


def write(scan: Scan) -> bytes:
    """The scan as one SARIF log with one run."""
    rules = {rule.id: rule for rule in checks.catalogue()}
    shown = [*scan.findings, *scan.set_aside, *scan.refuted]
    used = sorted({finding.rule for finding in shown} | rules.keys())
    places = {name: place for place, name in enumerate(used)}
    run: Object = {
        "tool": {"driver": _driver([_rule(name, rules.get(name), shown) for name in used])},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "the folder that was scanned"}}},
        "results": [_result(finding, places) for finding in shown],
        "invocations": [_invocation(scan)],
    }
    return msgspec.json.format(
        msgspec.json.encode({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}), indent=2
    )


def _driver(rules: list[Object]) -> Object:

    return {"name": "Stillwatch", "version": version("stillwatch"), "rules": rules}


def _rule(name: str, rule: Rule | None, shown: Iterable[Finding]) -> Object:
    """What code hosts show beside a finding; a rule of dependencies or secrets is described by its findings."""
    example = next((finding for finding in shown if finding.rule == name), None)
    vector = rule.cvss if rule is not None else (example.cvss if example is not None else "")
    cwe = rule.cwe if rule is not None else (example.cwe if example is not None else 0)
    title = rule.title if rule is not None else name.replace("-", " ")
    made: Object = {
        "id": name,
        "shortDescription": {"text": title},
        "properties": {"tags": ["security", f"external/cwe/cwe-{cwe:03d}"]},
    }
    if vector:
        made["properties"]["security-severity"] = f"{score(vector):.1f}"
        made["defaultConfiguration"] = {"level": LEVELS[severity(vector)]}
    if rule is not None:
        made["help"] = {"text": rule.advice}
    return made


def _result(finding: Finding, places: dict[str, int]) -> Object:
    reasons = f" ({'; '.join(finding.why)})" if finding.why else ""
    made: Object = {
        "ruleId": finding.rule,
        "ruleIndex": places[finding.rule],
        "level": LEVELS[severity(finding.cvss)],
        "message": {"text": finding.message + reasons},
        "locations": [_place(finding.location)],
        "partialFingerprints": {"stillwatch/v1": finding.fingerprint},
        "rank": round(100 * finding.confidence, 1),
        "properties": {"confidence": finding.confidence, "proof": finding.proof, "cvss4": finding.cvss},
    }
    if finding.trace:
        made["codeFlows"] = [{"threadFlows": [{"locations": [_step(step) for step in finding.trace]}]}]
    if (
        finding.proposal is not None
    ):  # what the model said is data of others: it stands where nothing renders it
        made["properties"]["proposedBy"] = finding.proposal.model
        made["properties"]["modelSaid"] = finding.proposal.said
    reason = finding.refuted or finding.set_aside
    if reason is not None:
        kind = "inSource" if finding.set_aside is not None else "external"
        made["suppressions"] = [{"kind": kind, "status": "accepted", "justification": reason}]
    return made


def _place(location: Location) -> Object:
    region = {
        "startLine": location.line,
        "startColumn": location.column,
        "endLine": location.end_line,
        "endColumn": location.end_column,
    }
    artifact = {"uri": _uri(location.path), "uriBaseId": "ROOT"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _uri(path: str) -> str:

    return quote(path)


def _step(step: Step) -> Object:
    return {"location": _place(step.location) | {"message": {"text": step.note}}}


def _invocation(scan: Scan) -> Object:
    missing = [_notification(skipped, "error") for skipped in scan.coverage.skipped]
    partly = [_notification(skipped, "warning") for skipped in scan.coverage.partial]
    asked = scan.coverage.consulted
    unanswered = [] if asked is None else [
        {"level": "note", "message": {"text": f"the model did not answer {count} questions: {why}"}}
        for why, count in asked.failed.items()
    ]  # fmt: skip
    notes = [*missing, *partly, *unanswered]
    return {"executionSuccessful": not missing, "toolExecutionNotifications": notes}


def _notification(skipped: Skipped, level: str) -> Object:
    place: Object = {"artifactLocation": {"uri": _uri(skipped.path), "uriBaseId": "ROOT"}}
    if skipped.line is not None:
        place["region"] = {"startLine": skipped.line}
    return {"level": level, "message": {"text": skipped.reason}, "locations": [{"physicalLocation": place}]}
