"""Options that the commands on releases share, and the finding they name."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console

from stillwatch import cases
from stillwatch.cli.cases.options import opened
from stillwatch.cli.share.matching_options import tell_troubles
from stillwatch.features.key import load_key as load_sketch_key
from stillwatch.records import UsageError
from stillwatch.sharing import finding as sharing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stillwatch.cases.api import Tenant
    from stillwatch.sharing.composing import Audience, Composed
    from stillwatch.sharing.finding.api import Folder, Status, Tlp
    from stillwatch.sharing.matching.tokens import Asking

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="what `stillwatch detect --out` wrote")]
CampaignId = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="an id from the result")]
Recipient = Annotated[str, typer.Option("--to", help="a recipient of the release policy")]
PolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", help="the release policy [default: the one that comes with Stillwatch]"),
]
SaidFile = Annotated[
    Path | None,
    typer.Option("--said", help="YAML of what people say: operators, providers, remarks, with provenance"),
]
Log = Annotated[
    Path | None,
    typer.Option(
        help="directory of the log, for networks and clients as indicators and for what partners match by"
    ),
]
CaseOption = Annotated[
    str | None, typer.Option("--case", help="the case in the store: its state, and whom people cleared")
]
Mark = Annotated[
    str, typer.Option("--tlp", help="at least this narrow: clear, green, amber, amber+strict, red")
]
Forms = Annotated[
    list[str] | None,
    typer.Option("--form", help="stix, misp, ocsf, sigma, atlas, flat; repeat [default: all]"),
]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--release-key",
        envvar="STILLWATCH_RELEASE_KEY",
        help="private key that signs releases; made on first use [default: in DIR]",
    ),
]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What of which run is to be shared."""

    directory: Path
    campaign_id: str
    tlp: str = "amber"
    said: Path | None = None
    log: Path | None = None
    case_id: str | None = None
    asking: "Asking | None" = None


def folder_of(request: Request, tenant: "Tenant | None", *, made: str | None = None) -> "Folder":
    """The findings of the run, without accounts that people cleared, in the case that is named or in any other.

    Raises UsageError where nobody is left of the campaign: nothing of what people dismissed is shared.
    """
    cleared: set[str] = set()
    if tenant is not None:
        cleared.update(one.account_id for one in cases.cleared(tenant))
        if request.case_id is not None:
            cleared |= sharing.standing_of(tenant, request.case_id).cleared
    found = sharing.Folder(request.directory, cleared=cleared, log=request.log, made=made)
    if cleared and not found.members(request.campaign_id) and request.campaign_id in found.campaigns:
        raise UsageError(f"people cleared all accounts of {request.campaign_id}: it is not shared")
    return found


@contextmanager
def decisions(
    store: str, tenant: str, audit_key: Path | None, case_id: str | None
) -> "Iterator[Tenant | None]":
    """The store of people's decisions, if there is one; with a case it must be there."""
    file = store.removeprefix("sqlite:///")
    if case_id is None and file != store and not Path(file).exists():
        yield None
        return
    with opened(store, tenant, audit_key) as found:
        yield found


def composed(request: Request, audience: "Audience", tenant: "Tenant | None") -> "Composed":
    """The finding that is to be shared, with all that is known of it; says what was left out on the way."""
    from stillwatch.sharing.composing import Terms, compose  # noqa: PLC0415 - needs the packages of `share`

    folder = folder_of(request, tenant)
    said = sharing.read_said(request.said) if request.said is not None else sharing.Said()
    status: Status = "open"
    if request.case_id is not None and tenant is not None:
        status = sharing.standing_of(tenant, request.case_id).status
    made = compose(
        folder,
        request.campaign_id,
        audience,
        key=load_sketch_key(request.directory),
        said=said,
        terms=Terms(status, mark(request.tlp), request.case_id),
        asking=request.asking,
    )
    left_out = () if request.asking is None else request.asking.left_out
    tell_troubles(Console(stderr=True, highlight=False), left_out, made.rejected)
    return made


def mark(name: str) -> "Tlp":
    """A mark of TLP 2.0 by its name."""
    if name not in sharing.TLPS:
        raise typer.BadParameter(f"TLP is one of {', '.join(sharing.TLPS)}, not {name!r}", param_hint="--tlp")
    found: Tlp = name
    return found
