"""`stillwatch share push` and `revoke`: a finding to a folder or a TAXII collection, signed, and written in the audit."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from stillwatch.cli.cases.options import (
    DEFAULT,
    AuditKey,
    Person,
    Reason,
    StoreUrl,
    TenantName,
    opened,
    person,
)
from stillwatch.cli.cases.printing import tell
from stillwatch.cli.share.matching_options import (
    DEFAULT_KEYS,
    DEFAULT_ROSTER,
    GroupIdentity,
    KeysFolder,
    NoMatching,
    RosterFile,
    Workers,
    group_of,
)
from stillwatch.cli.share.options import (
    CampaignId,
    CaseOption,
    Directory,
    Forms,
    KeyFile,
    Log,
    Mark,
    PolicyFile,
    Recipient,
    Request,
    SaidFile,
    composed,
)
from stillwatch.cli.share.peer_options import Certificate, Password, Token, User, peer_of
from stillwatch.cli.share.preview import forms_of, write
from stillwatch.features.key import load_key as load_sketch_key
from stillwatch.records import Micros, UnreadableInput, UsageError
from stillwatch.sharing import finding as sharing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stillwatch.sharing.taxii import Peer

Target = Annotated[str, typer.Option("--into", help="a folder, or the URL of a TAXII 2.1 collection")]
SHOWN = 3  # objects that a collection refused, by id
RELEASES = "releases"  # a folder in the directory of the run
WEB = ("https://", "http://")


def push(
    directory: Directory,
    campaign_id: CampaignId,
    recipient: Recipient,
    into: Target,
    reason: Reason,
    *,
    policy: PolicyFile = None,
    said: SaidFile = None,
    log: Log = None,
    case_id: CaseOption = None,
    tlp: Mark = "amber",
    forms: Forms = None,
    release_key: KeyFile = None,
    identity_file: GroupIdentity = None,
    roster_file: RosterFile = DEFAULT_ROSTER,
    keys: KeysFolder = DEFAULT_KEYS,
    workers: Workers = None,
    no_matching: NoMatching = False,
    token: Token = None,
    user: User = None,
    password: Password = "",
    certificate: Certificate = None,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
) -> None:
    """Release a campaign to a recipient. Every file has a signature beside it, and the audit has an entry.

    A URL gets the STIX objects. What the policy or the marks forbid is refused, and the refusal is in the audit too.
    """
    from stillwatch.sharing.composing import Audience  # noqa: PLC0415 - needs the packages of `share`

    rules = sharing.load_policy(policy)
    request = Request(
        directory=directory,
        campaign_id=campaign_id,
        tlp=tlp,
        said=said,
        log=log,
        case_id=case_id,
        asking=group_of(identity_file, roster_file, keys, workers, leave_out=no_matching),
    )
    with opened(store, tenant, audit_key, make=True) as mine:
        gate = _gate(mine, directory, rules, release_key, person(by), case_id)
        finding = composed(request, Audience(rules, recipient), mine).finding
        release = gate.release(finding, recipient, _project(forms, into), reason=reason)
    _keep(release, directory / RELEASES)
    _deliver(release, into, lambda: peer_of(token, user, password, certificate))


def revoke(
    release: Annotated[Path, typer.Argument(metavar="RELEASE", help="the copy that `push` kept")],
    into: Target,
    reason: Reason,
    *,
    policy: PolicyFile = None,
    forms: Forms = None,
    release_key: KeyFile = None,
    token: Token = None,
    user: User = None,
    password: Password = "",
    certificate: Certificate = None,
    by: Person = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
) -> None:
    """Take a release back: the same objects with `revoked`, signed and written in the audit."""
    try:
        view = msgspec.json.decode(release.read_bytes(), type=sharing.View)
    except OSError as error:
        raise UnreadableInput(f"{release}: {error.strerror} (errno {error.errno})") from error
    except ValueError as error:
        raise UnreadableInput(f"{release}: no copy of a release ({error})") from error
    directory = release.parent.parent
    with opened(store, tenant, audit_key) as mine:
        gate = _gate(mine, directory, sharing.load_policy(policy), release_key, person(by))
        made = gate.revoke(view, _project(forms, into), reason=reason)
    _deliver(made, into, lambda: peer_of(token, user, password, certificate))


def key(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="where the key is, or is made")],
    release_key: KeyFile = None,
) -> None:
    """Print the public key that receivers check releases with, as a JSON Web Key. Made on first use, good for a year."""
    now = Micros(time.time_ns() // 1000)
    found = sharing.load_key(release_key or directory / sharing.KEY_FILE, now).public
    typer.echo(msgspec.json.format(msgspec.json.encode(msgspec.to_builtins(found)), indent=1).decode())


def _gate(
    mine: "sharing.Tenant",
    directory: Path,
    policy: "sharing.ReleasePolicy",
    release_key: Path | None,
    by: str,
    case_id: str | None = None,
) -> "sharing.Gate":
    now = mine.clock()
    signing = sharing.load_key(release_key or directory / sharing.KEY_FILE, now)
    keys = sharing.release_keys(load_sketch_key(directory), now)
    return sharing.Gate(mine, policy, signing, keys, by=by, case_id=case_id)


def _project(forms: list[str] | None, into: str) -> "sharing.Project":
    """The forms that are asked for; a collection takes STIX alone."""
    if not into.startswith(WEB):
        return forms_of(forms)
    if forms not in (None, [], ["stix"]):
        raise UsageError("a TAXII collection takes the form stix alone")
    from stillwatch.sharing import formats  # noqa: PLC0415 - needs the packages of `share`

    return formats.collection_files


def _keep(release: "sharing.Release", folder: Path) -> None:
    """A copy of what left, without which nobody could take exactly that back."""
    folder.mkdir(mode=0o700, exist_ok=True)
    view = release.view
    path = folder / f"{view.finding.finding_id}.{view.recipient}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(view), indent=1) + b"\n")
    tell(f"kept {path}, by which `stillwatch share revoke` takes it back")


def _deliver(release: "sharing.Release", into: str, peer: "Callable[[], Peer]") -> None:
    if not into.startswith(WEB):
        write(Path(into), release.files)
        for name in sorted(release.files):
            typer.echo(str(Path(into) / name))
        return
    from stillwatch.sharing import formats  # noqa: PLC0415 - needs the packages of `share`

    objects = formats.with_signature(release.view, release.files)
    typer.echo(f"{asyncio.run(_handed_in(peer(), into, objects)):,} objects taken by {into}")


async def _handed_in(peer: "Peer", url: str, objects: "Sequence[Mapping[str, object]]") -> int:
    """How many objects a collection took. Raises PeerRefused where it did not take all of them."""
    from stillwatch.sharing import taxii  # noqa: PLC0415 - needs the packages of `share`

    async with peer:
        told = await taxii.push(peer, url, [msgspec.json.encode(one) for one in objects])
    if told.refused:
        said = "; ".join(f"{one.id}: {one.message}" for one in told.refused[:SHOWN])
        raise taxii.PeerRefused(202, f"the collection refused {len(told.refused):,} objects: {said}")
    return told.taken


COMMANDS: dict[str, Callable[..., int | None]] = {"push": push, "revoke": revoke, "key": key}
