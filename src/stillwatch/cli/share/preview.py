"""`stillwatch share preview`: what a recipient would get, and what not and why; nothing leaves and nothing is written."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from stillwatch.cli.cases.options import DEFAULT, AuditKey, StoreUrl, TenantName
from stillwatch.cli.cases.printing import Form, Format
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
    Log,
    Mark,
    PolicyFile,
    Recipient,
    Request,
    SaidFile,
    composed,
    decisions,
)
from stillwatch.features.key import load_key as load_sketch_key
from stillwatch.records import Micros
from stillwatch.reports import minute
from stillwatch.sharing import finding as sharing


def preview(
    directory: Directory,
    campaign_id: CampaignId,
    recipient: Recipient,
    *,
    policy: PolicyFile = None,
    said: SaidFile = None,
    log: Log = None,
    case_id: CaseOption = None,
    tlp: Mark = "amber",
    forms: Forms = None,
    into: Annotated[
        Path | None, typer.Option(help="also write the files here, unsigned, to look at them")
    ] = None,
    identity_file: GroupIdentity = None,
    roster_file: RosterFile = DEFAULT_ROSTER,
    keys: KeysFolder = DEFAULT_KEYS,
    workers: Workers = None,
    no_matching: NoMatching = False,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    form: Format = Form.TABLE,
) -> None:
    """Show what a recipient would get of a campaign, field by field, and what stays and why.

    What partners match by is made as `push` makes it, by asking the members of the matching group, if there is one.
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
    with decisions(store, tenant, audit_key, case_id) as mine:
        made = composed(request, Audience(rules, recipient), mine)
    now = Micros(time.time_ns() // 1000)
    shown = sharing.view_for(
        made.finding,
        rules,
        recipient,
        at=now,
        keys=sharing.release_keys(load_sketch_key(directory), now),
    )
    shown = shown._replace(dropped=[*shown.dropped, *made.absent])
    barred = sharing.barred(made.finding, rules.recipient(recipient), shown)
    if into is not None:
        write(into, forms_of(forms)(shown.view))
    if form is Form.JSON:
        answer = {"view": shown.view, "dropped": shown.dropped, "barred": barred}
        typer.echo(msgspec.json.format(msgspec.json.encode(answer), indent=1).decode())
        return
    console = Console()
    console.print(_table(shown), markup=False)
    console.print(
        f"marked TLP:{shown.view.tlp.upper()}, valid until {minute(shown.view.valid_until)}", highlight=False
    )
    if barred:
        console.print(f"push would refuse it: {barred}", highlight=False)


def forms_of(names: list[str] | None) -> "sharing.Project":
    """The forms that are asked for, as one function."""
    from stillwatch.sharing import formats  # noqa: PLC0415 - needs the packages of `share`

    return formats.projected(formats.catalogue(), names or [])


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _table(shown: "sharing.Shown") -> Table:
    table = Table(title=f"To {shown.view.recipient}", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("field", "leaves", "mark", "kept until or why it stays"):
        table.add_column(heading, overflow="fold")
    for kept in shown.view.kept:
        table.add_row(kept.field, kept.transform, f"TLP:{kept.tlp.upper()}", minute(kept.until))
    for dropped in shown.dropped:
        table.add_row(dropped.field, "no", "", dropped.because)
    return table


COMMANDS: dict[str, Callable[..., int | None]] = {"preview": preview}
