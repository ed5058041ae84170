"""`stillwatch policy`: write, check, compare and try out what is to be done about calls."""

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from stillwatch.policy import Policy, examples, load
from stillwatch.policy.differences import differences
from stillwatch.policy.rules import Mode
from stillwatch.records import InvalidConfiguration, State, UsageError
from stillwatch.reports import clean, many, percent
from stillwatch.runtime.policy_replay import Reach, Replayed, replay

TABLE_WIDTH = 130  # where standard output is no terminal
FOUND = 1
SKIPPED = 3

app = typer.Typer(help=__doc__, no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="a policy file")]


@app.command("init")
def init_command(file: Annotated[Path, typer.Argument(metavar="FILE", help="where to write it")]) -> None:
    """Write a policy to begin with: rules with consequences stand in shadow mode, and act on nobody."""
    content = files("stillwatch.policy").joinpath("default.yaml").read_bytes()
    try:
        with file.open("xb") as new:
            new.write(content)
    except FileExistsError as error:
        raise UsageError(f"{file} exists; it was left as it is") from error
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
    typer.echo(f"{file}: written; next: stillwatch policy lint {file}", err=True)


@app.command("lint")
def lint_command(file: File) -> int:
    """Check a policy as a gateway does when it loads it, and say what else a reader should know.

    Exit code: 0 nothing to say, 1 it can be used but something is open, 4 it cannot be used.
    """
    policy = load(file)
    outcome = examples.run(policy)
    notes = list(policy.notes)
    if outcome.failures:
        notes.append(
            f"{file}: {many(len(outcome.failures), 'test')} of its own not as expected: `stillwatch policy test`"
        )
    for note in notes:
        typer.echo(note)
    modes = [rule.mode for rule in policy.rules]
    counted = ", ".join(f"{modes.count(mode)} {word}" for mode, word in _MODES.items())
    typer.echo(
        f"{file}: {many(len(modes), 'rule')} ({counted}), {many(outcome.run, 'test')}, {policy.sha256}",
        err=True,
    )
    return FOUND if notes else 0


_MODES: dict[Mode, str] = {"enforce": "enforced", "shadow": "in shadow mode", "off": "off"}


@app.command("test")
def test_command(file: File) -> int:
    """Run the tests that stand in a policy file.

    Exit code: 0 all come out as expected, 4 one does not, or the policy cannot be used.
    """
    outcome = examples.run(load(file))
    for failure in outcome.failures:
        typer.echo(f"{failure.place}: {clean(failure.name)}: {'; '.join(failure.differences)}")
    typer.echo(f"{file}: {many(outcome.run, 'test')}, {many(len(outcome.failures), 'failure')}", err=True)
    return InvalidConfiguration.exit_code if outcome.failures else 0


@app.command("diff")
def diff_command(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="the policy before")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="the policy after")],
) -> int:
    """Say in words what changes from one policy to another.

    Exit code: 0 nothing changes, 1 something does.
    """
    found = differences(load(old), load(new))
    for sentence in found:
        typer.echo(sentence)
    return FOUND if found else 0


@app.command("replay")
def replay_command(
    file: File,
    log: Annotated[list[Path], typer.Option(help="log files or directories, as for `detect`; repeatable")],
    findings: Annotated[Path, typer.Option(help="directory that `detect` wrote for this log")],
    *,
    against: Annotated[Path | None, typer.Option(help="an older policy: who would change step")] = None,
    truth: Annotated[
        Path | None, typer.Option(help="truth/ of a simulated log: innocents are then the true ones")
    ] = None,
    state: Annotated[State, typer.Option(help="what the campaigns count as")] = "open",
    as_json: Annotated[bool, typer.Option("--json", help="print the same as one JSON object")] = False,
) -> int:
    """Run a policy over a log and its findings, and say whom it would have met.

    The verdicts count as if they had stood from the first exchange on, so that a policy is judged by all the
    traffic it can meet. Innocents are accounts that no campaign holds at a probability of 0.5 or more.

    Exit code: 0 done, 1 the policy would refuse (step_up, hold, block) more than 1% of the innocents or most
    accounts, 3 the log is unreadable or in part skipped, 4 the policy cannot be used.
    """
    policy = load(file)
    older = None if against is None else load(against)
    with Console(stderr=True).status("replaying"):
        done = replay(policy, log, findings, against=older, truth=truth, state=state)
    if as_json:
        typer.echo(_json(done))
    else:
        out = Console(highlight=False) if sys.stdout.isatty() else Console(width=TABLE_WIDTH, highlight=False)
        for table in _tables(done, policy, compared=older is not None):
            out.print(table)
    _tell(done)
    if done.warnings:
        return FOUND
    return SKIPPED if done.rejected else 0


def _json(done: Replayed) -> str:
    whole = msgspec.to_builtins(msgspec.structs.asdict(done) | {"changes": []})
    whole["changes"] = [
        {"from": old, "to": new} | msgspec.structs.asdict(reach) for (old, new), reach in done.changes.items()
    ]
    return json.dumps(whole, indent=1)


def _tables(done: Replayed, policy: Policy, *, compared: bool) -> list[Table]:
    whole = done.whole
    steps = _table("Steps", "step", "mode")
    for how, reaches in (("enforce", done.steps), ("shadow", done.shadow_steps)):
        for step, reach in reaches.items():
            if reach.accounts:
                steps.add_row(step, how, *_cells(reach, whole))
    rules = _table("Rules", "rule", "step", "mode")
    for rule in policy.rules:
        if rule.mode != "off":
            rules.add_row(rule.id, rule.step, rule.mode, *_cells(done.rules[rule.id], whole))
    tables = [steps, rules]
    if compared:
        changes = _table("Who would change step", "from", "to")
        for (old, new), reach in sorted(done.changes.items()):
            changes.add_row(old, new, *_cells(reach, whole))
        tables.append(changes)
    return tables


def _table(title: str, *heads: str) -> Table:
    table = Table(*heads, title=title, title_justify="left")
    for column in ("accounts", "exchanges", "of all traffic", "innocent accounts", "their exchanges"):
        table.add_column(column, justify="right")
    return table


def _cells(reach: Reach, whole: Reach) -> list[str]:
    share = percent(reach.exchanges / whole.exchanges)
    counts = (reach.accounts, reach.exchanges, share, reach.innocent_accounts, reach.innocent_exchanges)
    return [one if isinstance(one, str) else f"{one:,}" for one in counts]


def _tell(done: Replayed) -> None:
    whole = done.whole
    typer.echo(
        f"{many(whole.exchanges, 'exchange')} of {many(whole.accounts, 'account')}, "
        f"{whole.innocent_accounts:,} of them innocent",
        err=True,
    )
    if done.rejected:
        typer.echo(
            f"{many(done.rejected, 'record')} could not be read; `stillwatch doctor` says why", err=True
        )
    for rule, count in done.failures.items():
        typer.echo(f"rule {rule}: its condition failed on {many(count, 'kind')} of call", err=True)
    for rule in done.held_back:
        typer.echo(f"rule {rule} held back: it names one reviewer, and a large campaign needs two", err=True)
    for warning in done.warnings:
        typer.echo(f"WARNING: {warning}", err=True)
