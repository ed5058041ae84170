"""Options that the commands on releases share, and the finding they name."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from stillwatch.features.key import load_key as load_sketch_key
from stillwatch.sharing import finding as sharing

if TYPE_CHECKING:
    from stillwatch.cases.api import Tenant
    from stillwatch.sharing.finding.api import Finding, Folder, Status, Tlp

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
    Path | None, typer.Option(help="directory of the log, for networks and clients as indicators")
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


def folder_of(request: Request, tenant: "Tenant | None", *, made: str | None = None) -> "Folder":
    """The findings of the run, without accounts that people cleared."""
    cleared: frozenset[str] = frozenset()
    if request.case_id is not None and tenant is not None:
        cleared = sharing.standing_of(tenant, request.case_id).cleared
    return sharing.Folder(request.directory, cleared=cleared, log=request.log, made=made)


def finding_of(request: Request, tenant: "Tenant | None") -> "Finding":
    """The finding that is to be shared."""
    folder = folder_of(request, tenant)
    said = sharing.read_said(request.said) if request.said is not None else sharing.Said()
    if not said.account_tokens:
        key = load_sketch_key(request.directory)
        tokens = sharing.account_tokens(key, folder.members(request.campaign_id))
        said = msgspec.structs.replace(said, account_tokens=tokens)
    status: Status = "open"
    if request.case_id is not None and tenant is not None:
        status = sharing.standing_of(tenant, request.case_id).status
    return sharing.build_finding(
        folder, request.campaign_id, status=status, tlp=mark(request.tlp), said=said, case_id=request.case_id
    )


def mark(name: str) -> "Tlp":
    """A mark of TLP 2.0 by its name."""
    if name not in sharing.TLPS:
        raise typer.BadParameter(f"TLP is one of {', '.join(sharing.TLPS)}, not {name!r}", param_hint="--tlp")
    found: Tlp = name
    return found
