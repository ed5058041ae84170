"""`stillwatch mark ids`: mint ids that name their account to you alone, read them, and turn their keys over."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from stillwatch.marks.ids import keyring
from stillwatch.marks.ids.ages import DAY, MAX_AGE
from stillwatch.marks.ids.forms import FORMS
from stillwatch.records import Micros, UnreadableInput, UsageError, rfc3339

if TYPE_CHECKING:
    from stillwatch.marks.ids.api import Minted, Minter

MICROS = 1_000_000
NOT_OURS = 1
app = typer.Typer(
    help="Ids that name their account to you alone: mint them, read them, turn their keys over.",
    no_args_is_help=True,
)

Keys = Annotated[Path, typer.Option(help="file of the keys, mode 0600; made on first use")]
KeysThere = Annotated[Path, typer.Option(help="file of the keys that minted the ids; `mint` makes one")]
Tenant = Annotated[str, typer.Option(help="of several that share the keys")]
DEFAULT = Path("minting-keys.json")


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line about one id."""

    id: str
    outcome: str
    account_handle: str | None = None
    account: str | None = None
    organisation_handle: str | None = None
    organisation: str | None = None
    minted_at: str | None = None
    key: int | None = None


@app.command("mint")
def mint_command(
    account: Annotated[str, typer.Argument(help="the account it is for")],
    prefix: Annotated[str, typer.Option(help=f"one of {', '.join(FORMS)}")] = "call_",
    organisation: Annotated[str | None, typer.Option(help="the account's organisation")] = None,
    count: Annotated[int, typer.Option(help="how many", min=1, max=1_000_000)] = 1,
    keys: Keys = DEFAULT,
    tenant: Tenant = "",
) -> None:
    """Mint ids for an account, one a line."""
    if prefix not in FORMS:
        raise UsageError(f"no such prefix: {prefix}; there are {', '.join(FORMS)}")
    minter = _minter(keys, tenant, MAX_AGE // DAY, make=True)
    for _ in range(count):
        typer.echo(minter.mint(prefix, account, organisation))


@app.command("verify")
def verify_command(
    ids: Annotated[
        list[str] | None, typer.Argument(help="the ids; without any, one a line from standard input")
    ] = None,
    accounts: Annotated[
        Path | None, typer.Option(help="a file of account ids, one a line, to name who it was")
    ] = None,
    organisations: Annotated[Path | None, typer.Option(help="the same of organisations")] = None,
    max_age_days: Annotated[int, typer.Option(help="older ids are expired", min=1)] = MAX_AGE // DAY,
    keys: KeysThere = DEFAULT,
    tenant: Tenant = "",
) -> None:
    """Say what each id says: one JSON object a line.

    Exit code: 0 all were minted here and are in their time, 1 some are not.
    """
    minter = _minter(keys, tenant, max_age_days, make=False)
    named = {minter.account(name): name for name in _lines(accounts)}
    groups = {minter.organisation(name) >> 40: name for name in _lines(organisations)}
    every = True
    for text in ids or _given():
        found = minter.verify(text)
        every = every and found.outcome == "valid"
        typer.echo(msgspec.json.encode(_answer(text, found, named, groups)).decode())
    if not every:
        raise typer.Exit(NOT_OURS)


@app.command("rotate")
def rotate_command(
    keys: KeysThere = DEFAULT,
    retire: Annotated[
        list[int] | None, typer.Option(help="number of a key that no longer verifies; repeatable")
    ] = None,
) -> None:
    """Make a new key that mints from now on. Gateways take it up within seconds; old keys verify until retired."""
    before = keyring.read(keys)
    ring = keyring.rotated(before)
    for number in retire or ():
        ring = keyring.retired(ring, number)
    keyring.write(keys, ring)
    typer.echo(f"key {ring.minting.number} mints; before it, key {before.minting.number}")


@app.command("keys")
def keys_command(keys: Keys = DEFAULT) -> None:
    """All keys, one a line: number, when it was made, and what it does. No secret is shown."""
    ring = keyring.load_or_make(keys)
    for key in ring.keys:
        does = f"retired {key.retired_at}" if key.secret is None else "verifies"
        typer.echo(f"{key.number}  made {key.made_at}  {'mints' if key is ring.minting else does}")


def _minter(path: Path, tenant: str, max_age_days: int, *, make: bool) -> "Minter":
    from stillwatch.marks.ids.api import Minter  # noqa: PLC0415 - needs an extra

    ring = keyring.load_or_make(path) if make else keyring.read(path)
    return Minter(ring, tenant=tenant, max_age=max_age_days * DAY)


def _answer(text: str, found: "Minted", named: dict[int, str], groups: dict[int, str]) -> Answer:
    if found.account is None or found.at is None or found.organisation is None:
        return Answer(text, found.outcome)
    return Answer(
        text,
        found.outcome,
        account_handle=f"{found.account:016x}",
        account=named.get(found.account),
        organisation_handle=f"{found.organisation:06x}" if found.organisation else None,
        organisation=groups.get(found.organisation),
        minted_at=rfc3339(Micros(found.at * MICROS)),
        key=found.key,
    )


def _lines(path: Path | None) -> Iterable[str]:
    if path is None:
        return ()
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line]
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path} cannot be read: {error}") from error


def _given() -> Iterator[str]:
    """Ids from standard input; bytes that are no text are ids of no form."""
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "replace").strip()
        if text:
            yield text
