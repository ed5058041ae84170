"""`stillwatch mark honey`: made-up entries that only suspects are shown, committed to before."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from stillwatch.cli.cases.options import AuditKey, TenantName
from stillwatch.cli.cases.printing import as_json, tell
from stillwatch.cli.mark.cohorts import Json, Secret, cohorts_named
from stillwatch.marks.honey import (
    Commitments,
    Emission,
    Pot,
    assigned,
    commit,
    emitted,
    load_commitments,
    opens,
    pot_of,
    salt,
    write_commitments,
)
from stillwatch.marks.watermark import MarkKeys, load_secret
from stillwatch.records import InvalidConfiguration, Micros, Rejection, UnreadableInput, rfc3339
from stillwatch.reports import clean, many

FOUND = 1
app = typer.Typer(
    help="Made-up, harmless entries that only suspects are shown, committed to before.", no_args_is_help=True
)
Published = Annotated[Path, typer.Argument(metavar="COMMITMENTS", help="file that `commit` wrote")]
Store = Annotated[
    str | None, typer.Option(envvar="STILLWATCH_STORE", help="store of cases: cohorts it knows are named")
]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A canary that was found: all that a third party needs to check it against what was published."""

    serial: int
    kind: str
    text: str
    salt: str  # SHA-256 of these bytes and the text is the commitment
    commitment: str
    answers: int
    cohorts: list[str]  # known ones that are shown it


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What `check --json` prints. `log10_p`: of a model that does not depend on the secret, by bound."""

    answers: int
    rejected: int
    committed_at: str
    log10_p: float
    found: list[Told]


@app.command("commit")
def commit_command(
    file: Annotated[Path, typer.Argument(help="where the commitments are written; it must not be there")],
    count: Annotated[int, typer.Option(help="entries to make", min=3, max=1_000_000)] = 1_024,
    secret: Secret = None,
    tenant: TenantName = "default",
) -> None:
    """Commit to entries, before any is served. Publish the file, or the line that is printed.

    The file holds hashes alone. The entries are made of the secret of marks and need not be kept.
    """
    made = commit(MarkKeys(load_secret(secret), tenant), count, rfc3339(Micros(time.time_ns() // 1000)))
    write_commitments(file, made)
    typer.echo(f"{made.digest}  {made.made_at}  {count} entries")


@app.command("list")
def list_command(
    published: Published,
    cohort: Annotated[str | None, typer.Option(help="only those that this cohort is shown")] = None,
    secret: Secret = None,
    tenant: TenantName = "default",
    json: Json = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Show the entries. With --json and no --cohort it is the file that gateways take as `honey`; keep it to yourself."""
    keys, made = MarkKeys(load_secret(secret), tenant), load_commitments(published)
    pot = _pot(keys, made, published)
    if cohort is not None:
        chosen = assigned(made.digest, cohort, len(pot.canaries))
        pot = msgspec.structs.replace(pot, canaries=[pot.canaries[serial] for serial in chosen])
    if json:
        as_json(pot)
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("number", "kind", "entry"):
        table.add_column(heading, overflow="fold")
    for one in pot.canaries:
        table.add_row(str(one.serial), one.kind, one.text)
    Console().print(table)


@app.command("check")
def check_command(
    file: Annotated[
        Path, typer.Argument(help="answers sampled from a model: objects with `response`, one a line")
    ],
    commitments: Annotated[Path, typer.Option(help="file that `commit` wrote")],
    secret: Secret = None,
    tenant: TenantName = "default",
    cohort: Annotated[
        list[str] | None, typer.Option(help="a cohort that may have been shown some; repeatable")
    ] = None,
    store: Store = None,
    audit_key: AuditKey = None,
    json: Json = False,  # noqa: FBT002 - a flag of the command line
) -> int:
    """Say which entries a model repeats, and which cohorts were shown them.

    An entry counts where its name and its number stand in one answer. Exit code: 0 none is repeated, 1 some are, 3 the file
    cannot be read or some lines could not, 4 secret and commitments do not belong together.
    """
    keys, made = MarkKeys(load_secret(secret), tenant), load_commitments(commitments)
    pot = _pot(keys, made, commitments)
    rejected: list[Rejection] = []
    found = emitted(_answers(file, rejected), pot.canaries)
    if rejected and not found.answers:
        raise UnreadableInput(f"{file}:{rejected[0].line}: {rejected[0].reason}")
    for one in rejected:
        tell(f"rejected {one.file}:{one.line}: {one.reason}")
    names = cohorts_named(cohort or [], store, tenant, audit_key)
    checked = Checked(
        answers=found.answers,
        rejected=len(rejected),
        committed_at=made.made_at,
        log10_p=found.log10_p,
        found=[_told(keys, made, one, names) for one in found.emissions],
    )
    if json:
        as_json(checked)
    else:
        _print(checked)
    if checked.found:
        return FOUND
    return UnreadableInput.exit_code if rejected else 0


def _pot(keys: MarkKeys, made: Commitments, path: Path) -> Pot:
    pot = pot_of(keys, made)
    if not all(opens(made, one, salt(keys, one.serial)) for one in pot.canaries):
        raise InvalidConfiguration(f"{path}: made with another secret, or for another tenant")
    return pot


def _told(keys: MarkKeys, made: Commitments, one: Emission, cohorts: list[str]) -> Told:
    serial, count = one.canary.serial, len(made.commitments)
    return Told(
        serial=serial,
        kind=one.canary.kind,
        text=one.canary.text,
        salt=salt(keys, serial).hex(),
        commitment=made.commitments[serial],
        answers=one.answers,
        cohorts=[name for name in cohorts if serial in assigned(made.digest, name, count)],
    )


def _answers(path: Path, rejected: list[Rejection]) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                try:
                    said = msgspec.json.decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    rejected.append(Rejection(str(path), number, f"no JSON: {error}"))
                    continue
                text = said.get("response") if isinstance(said, dict) else None
                if isinstance(text, str):
                    yield text
                else:
                    rejected.append(Rejection(str(path), number, "no object with a text as `response`"))
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from error


def _print(checked: Checked) -> None:
    out = Console(highlight=False)
    for one in checked.found:
        cohorts = f"; shown to {', '.join(map(clean, one.cohorts))}" if one.cohorts else ""
        out.print(
            f"entry {one.serial} ({one.kind}) in {many(one.answers, 'answer')}{cohorts}: {one.text}",
            markup=False,
            soft_wrap=True,
        )
    if checked.found:
        out.print(f"of a model that never saw one: p 1e{checked.log10_p:.1f} by bound", markup=False)
    else:
        out.print(
            f"none of the entries is in {many(checked.answers, 'answer')}; that is no proof that none was learned",
            markup=False,
            soft_wrap=True,
        )
