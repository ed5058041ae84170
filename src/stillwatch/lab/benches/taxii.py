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
TOLD = 90  # characters of what a server does
INTRODUCTION = """\
# TAXII conformance

Requirements of TAXII 2.1 (OASIS standard, 10 June 2021), each asked over HTTP as a client would, in words of our own, with
the section it stands in. A dash: it cannot be asked of that server. What needs TLS or DNS (sections 3.9 and 7.3.2 but for
HTTP Basic) is not asked here. Where the standard binds clients alone, nothing is asked of a server. `add-again`: section
5.5 forbids an error for an exact duplicate; that a failure in the status is one is our reading, and is disputed.

```
{command}
```
The same can be asked of any server that lets you in: `stillwatch bench taxii URL --token TOKEN`. Objects are put into the
first collection that may be read and written, and most stay there.
"""
MARKS = {"holds": "yes", "broken": "NO", "not applicable": "-"}


def measure(
    root: Path,
    tell: Tell,
    *,
    url: str | None = None,
    login: Login | None = None,
    only: Sequence[str] | None = None,
) -> Report:
    """Ask the server at the URL, else ours and medallion where that is installed."""
    found: dict[str, list[conformance.Outcome]] = {}
    missing: dict[str, str] = {}
    if url is not None:
        found[url] = conformance.run(Target(url, login or Login()), tell, only=only)
    else:
        found[OURS] = _ours(root, tell, only)
        chosen = medallion_python()
        if chosen is None:
            missing["medallion"] = f"it is not installed; {MEDALLION} names a Python that has it"
            tell(f"medallion is missing: {missing['medallion']}")
        else:
            found[f"medallion {medallion_version(chosen)}"] = _medallion(root, chosen, tell, only)
    first = next(iter(found))
    held, applicable = conformance.scored(found[first])
    figures: Figures = {
        "servers": {name: _figures(outcomes) for name, outcomes in found.items()},
        "missing": missing,
    }
    floors = [Floor(f"clauses that {first} keeps, of {applicable}", held, applicable)]
    return Report("taxii", figures, floors, [], _tables(found))


def _ours(root: Path, tell: Tell, only: Sequence[str] | None) -> list[conformance.Outcome]:
    tell(f"asking {OURS}")
    server, login = ours(root / OURS)
    with server:
        return conformance.run(Target(server.url, login), tell, only=only)


def _medallion(root: Path, chosen: Path, tell: Tell, only: Sequence[str] | None) -> list[conformance.Outcome]:
    tell("asking medallion")
    server, login = medallion(root / "medallion", chosen)
    with server:
        return conformance.run(Target(server.url, login), tell, only=only)


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


def page(figures: Figures, command: str) -> str:
    """The scorecard as a page of documentation, from the figures of a report."""
    servers = figures["servers"]
    assert isinstance(servers, dict)
    first = next(iter(servers.values()))["clauses"]
    rows = [
        f"| `{one['clause']}` | {one['section']} | {one['says']} | "
        + " | ".join(MARKS[server["clauses"][at]["verdict"]] for server in servers.values())
        + " |"
        for at, one in enumerate(first)
    ]
    kept = " | ".join(f"{server['held']} of {server['applicable']}" for server in servers.values())
    broken = [
        f"| {name} | `{one['clause']}` | {_plain(one['why'])} |"
        for name, server in servers.items()
        for one in server["clauses"]
        if one["verdict"] == "broken"
    ]
    return INTRODUCTION.format(command=command) + "\n".join(
        [
            "",
            f"| Clause | Section | Says | {' | '.join(servers)} |",
            "|---|---|---|" + "---|" * len(servers),
            *rows,
            f"| | | kept, of those that apply | {kept} |",
            "",
            "## What is broken",
            "",
            "| Server | Clause | What it does |",
            "|---|---|---|",
            *broken,
            "",
        ]
    )


def _plain(text: str) -> str:
    """Words of a server that cannot be taken for a table, markup or HTML."""
    line = " ".join(text.split())[:TOLD]
    return f"`{line.replace('`', ' ').replace('|', ' ')}`"
