"""The run on a terminal: each campaign in a row, why it should be believed, and what was out of sight."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from stillwatch.records import Campaign, Claim, Findings, LogSummary
from stillwatch.reports._writing.text import clean
from stillwatch.reports._writing.verdict import delay, headline, listed, period, strongest, tested
from stillwatch.reports._writing.words import figure, many, minute, named, odds, percent, rounded

SHOWN = 12  # campaigns shown in full; the rest are counted and stand in campaigns.json
LINES = 3  # strongest pieces of evidence a campaign


def summary(findings: Findings) -> RenderableType:
    """What the run concludes and why, in at most a screen for a campaign or two."""
    log, campaigns = findings.log, findings.campaigns
    parts: list[RenderableType] = [_title(log, campaigns)]
    for campaign in campaigns[:SHOWN]:
        parts += [Text(), *_campaign(campaign)]
    if len(campaigns) > SHOWN:
        parts += [Text(), Text(f"and {many(len(campaigns) - SHOWN, 'campaign')} more in campaigns.json")]
    parts += [Text(), *_log(log)]
    return Group(*parts)


def _title(log: LogSummary, campaigns: list[Campaign]) -> Rule:
    style = "bold red" if campaigns else "bold green"
    return Rule(Text(headline(log, campaigns), style=style), style="dim", align="left")


def _campaign(campaign: Campaign) -> list[RenderableType]:
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    facts.add_row("takes", listed((named(share.name), share.share) for share in campaign.capabilities))
    facts.add_row(
        "from", listed((share.name, share.share) for share in campaign.models) or "models not named"
    )
    facts.add_row("volume", _volume(campaign))
    facts.add_row("seen", f"{minute(campaign.first_seen)}, alarm after {delay(campaign)}{_end(campaign)}")
    facts.add_row(
        "certainty", f"{odds(campaign.log_e_value)} by chance, at most; FDR {percent(campaign.fdr)}"
    )
    because = [line(claim) for claim in strongest(campaign.evidence, LINES)]
    for number, claim in enumerate(because):
        facts.add_row("" if number else "because", claim)
    name = Text(clean(campaign.campaign_id, 60), style="bold")
    return [name, Padding(facts, (0, 0, 0, 2), expand=False)]


def _volume(campaign: Campaign) -> str:
    return (
        f"{many(campaign.accounts, 'account')}, {many(campaign.exchanges, 'exchange')}, "
        f"{rounded(campaign.tokens_out)} tokens out"
    )


def _end(campaign: Campaign) -> str:
    return ", still running" if campaign.active else f", ended {minute(campaign.last_seen)}"


def line(claim: Claim) -> Text:
    """A claim with its weight, and with what was measured unless its sentence tells the numbers itself."""
    weight = f"+{claim.strength:.1f} nats" if claim.strength > 0 else "does not add"
    facts = [weight, clean(claim.detector, 40)]
    if not any(character.isdigit() for character in claim.claim):
        measured, expected = (clean(figure(value), 80) for value in (claim.value, claim.expected_if_benign))
        facts.insert(0, f"measured {measured}, benign {expected}")
    return Text.assemble(clean(claim.claim, 240), (f" ({'; '.join(facts)})", "dim"))


def evidence_tree(evidence: Claim, *, depth: int | None = None) -> Tree:
    """The evidence to any depth; what is cut off is counted."""
    tree = Tree(line(evidence), guide_style="dim")
    _grow(tree, evidence, depth)
    return tree


def _grow(tree: Tree, claim: Claim, depth: int | None) -> None:
    if depth == 0 and claim.children:
        tree.add(
            Text(f"{many(len(claim.children), 'claim')} below, shown with a larger --depth", style="dim")
        )
        return
    for child in claim.children:
        _grow(tree.add(line(child)), child, None if depth is None else depth - 1)


def _log(log: LogSummary) -> list[RenderableType]:
    read = (
        f"read {many(log.files, 'file')}, {period(log)}: {many(log.exchanges, 'exchange')}, "
        f"{many(log.accounts, 'account')}, {many(log.repeats, 'repeat')}, {log.rejected:,} rejected"
    )
    lines: list[RenderableType] = [Text(f"{read}. {tested(log)}", style="dim")]
    if log.rejected:
        lines.append(Text("rejected records are listed in rejected.jsonl", style="yellow"))
    lines += [Text(f"not seen: {clean(sentence, 240)}", style="yellow") for sentence in log.unseen]
    return lines
