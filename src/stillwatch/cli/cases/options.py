"""Options that the commands on cases share, and the store they name."""

import getpass
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stillwatch import cases
from stillwatch.records import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stillwatch.cases.api import Tenant

DEFAULT = "sqlite:///stillwatch-cases.db"

StoreUrl = Annotated[
    str,
    typer.Option(
        "--store",
        envvar="STILLWATCH_STORE",
        help="sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME",
    ),
]
TenantName = Annotated[
    str,
    typer.Option("--tenant", envvar="STILLWATCH_TENANT", help="whose cases, where a store serves several"),
]
AuditKey = Annotated[
    Path | None,
    typer.Option(
        "--audit-key",
        envvar="STILLWATCH_AUDIT_KEY",
        help="private key that signs the audit; made on first use [default: beside the SQLite file]",
    ),
]
Person = Annotated[str | None, typer.Option("--as", help="who does this [default: the system's user]")]
Reason = Annotated[str, typer.Option("--reason", help="why; it is kept in the audit")]
CaseId = Annotated[str, typer.Argument(metavar="CASE")]


@contextmanager
def opened(store: str, tenant: str, audit_key: Path | None, *, make: bool = False) -> "Iterator[Tenant]":
    """A tenant of the store; only taking findings in makes one that is not there."""
    with cases.open_store(store, audit_key=audit_key, make=make) as found:
        yield found.tenant(tenant)


def person(name: str | None) -> str:
    """Who acts, in letters that JSON can hold."""
    try:
        said = name if name is not None else getpass.getuser()
        return said.encode("utf-8", errors="backslashreplace").decode()
    except (OSError, KeyError) as error:  # no entry for this user, as in some containers
        raise UsageError("the system does not know who you are: say it with --as NAME") from error
