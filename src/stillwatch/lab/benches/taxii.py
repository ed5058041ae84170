"""Which requirements of TAXII 2.1 a server keeps, asked over HTTP: ours, medallion, and any other by its URL."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.table import Table

from stillwatch.lab import conformance
from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.lab.conformance.target import Login, Target
from stillwatch.lab.served.sharing import MEDALLION, medallion, medallion_python, medallion_version, ours

OURS = "stillwatch"
MARKS = {"holds": "yes", "broken": "NO", "not applicable": "-"}


def measure(root: Path, tell: Tell, *, url: str | None = None, login: Login | None = None) -> Report:
    """Ask the server at the URL, else ours and medallion where that is installed."""
    found: dict[str, list[conformance.Outcome]] = {}
    missing: dict[str, str] = {}
    if url is not None:
        found[url] = conformance.run(Target(url, login or Login()), tell)
    else:
        found[OURS] = _ours(root, tell)
        chosen = medallion_python()
        if chosen is None:
            missing["medallion"] = f"it is not installed; {MEDALLION} names a Python that has it"
            tell(f"medallion is missing: {missing['medallion']}")
        else:
            found[f"medallion {medallion_version(chosen)}"] = _medallion(root, chosen, tell)
    first = next(iter(found))
    held, applicable = conformance.scored(found[first])
    figures: Figures = {
        "servers": {name: _figures(outcomes) for name, outcomes in found.items()},
        "missing": missing,
    }
    floors = [Floor(f"clauses that {first} keeps, of {applicable}", held, applicable)]
    return Report("taxii", figures, floors, [], _tables(found))


def _ours(root: Path, tell: Tell) -> list[conformance.Outcome]:
    tell(f"asking {OURS}")
    server, login = ours(root / OURS)
    with server:
        return conformance.run(Target(server.url, login), tell)


def _medallion(root: Path, chosen: Path, tell: Tell) -> list[conformance.Outcome]:
    tell("asking medallion")
    server, login = medallion(root / "medallion", chosen)
    with server:
        return conformance.run(Target(server.url, login), tell)


def _figures(outcomes: Sequence[conformance.Outcome]) -> Figures:
    held, applicable = conformance.scored(outcomes)
    return {
        "held": held,
        "applicable": applicable,
        "clauses": [msgspec.structs.asdict(one) for one in outcomes],
    }


def _tables(found: dict[str, list[conformance.Outcome]]) -> list[Table]:
    table = Table("clause", "section", "says", *found, title="Clauses of TAXII 2.1")
    rows: defaultdict[str, list[str]] = defaultdict(list)
    broken = Table("server", "clause", "what it does", title="Clauses that are broken")
    for name, outcomes in found.items():
        for one in outcomes:
            rows[one.clause].append(MARKS[one.verdict])
            if one.verdict == "broken":
                broken.add_row(name, one.clause, one.why)
    for one in next(iter(found.values())):
        table.add_row(one.clause, one.section, one.says, *rows[one.clause])
    table.add_section()
    scores = [conformance.scored(outcomes) for outcomes in found.values()]
    table.add_row("kept", "", "", *(f"{held} of {applicable}" for held, applicable in scores))
    return [table, broken]
