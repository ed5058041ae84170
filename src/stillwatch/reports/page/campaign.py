"""One campaign's section of the page."""

from stillwatch.records import Campaign, LogSummary
from stillwatch.reports._writing.text import escaped
from stillwatch.reports._writing.verdict import delay, verdict
from stillwatch.reports._writing.words import named, odds, rounded
from stillwatch.reports.page.accounts import Row, table
from stillwatch.reports.page.evidence import tree
from stillwatch.reports.page.links import links
from stillwatch.reports.page.overview import state
from stillwatch.reports.page.pieces import bars, name, tiles
from stillwatch.reports.page.timeline import timeline

SNIPPETS = 20


def section(number: int, campaign: Campaign, log: LogSummary, rows: list[Row]) -> str:
    """`number` is the campaign's place in the list; ids in the page are made from it, never from its name."""
    anchor = f"campaign-{number}"
    parts = [
        ("Timeline", timeline(campaign, log.events)),
        ("What it takes", _shares(campaign)),
        ("Evidence", _evidence(campaign)),
        ("What holds the accounts together", links(campaign)),
        ("Accounts", table(rows, number, campaign)),
        ("What the verdict rests on", _coverage(campaign)),
    ]
    if campaign.snippets:
        parts.append(("Redacted text", _snippets(campaign.snippets)))
    body = "".join(f"<h3>{title}</h3>{content}" for title, content in parts)
    return (
        f'<section class="campaign" id="{anchor}" aria-labelledby="{anchor}-name" tabindex="-1">'
        f'<h2 id="{anchor}-name">Campaign {name(campaign.campaign_id, 60)} {state(campaign)}</h2>'
        f"{_verdict(campaign, log)}{_figures(campaign)}{body}</section>"
    )


def _verdict(campaign: Campaign, log: LogSummary) -> str:
    said = verdict(campaign, log)
    rest = "".join(f"<li>{escaped(text)}</li>" for text in (said.taken, said.when, said.sure, said.unseen))
    return f'<div class="verdict"><p class="lead">{escaped(said.what)}</p><ul>{rest}</ul></div>'


def _figures(campaign: Campaign) -> str:
    return tiles(
        [
            ("Accounts", f"{campaign.accounts:,}"),
            ("Exchanges", f"{campaign.exchanges:,}"),
            ("Tokens taken", rounded(campaign.tokens_out)),
            ("Exchanges an account", rounded(campaign.exchanges / max(campaign.accounts, 1))),
            ("Alarm after", delay(campaign)),
            ("Chance if benign, at most", odds(campaign.log_e_value)),
        ]
    )


def _shares(campaign: Campaign) -> str:
    capabilities = bars(
        ((named(share.name), share.share) for share in campaign.capabilities),
        "Capabilities, share of exchanges",
    )
    models = bars(((share.name, share.share) for share in campaign.models), "Models, share of exchanges")
    return f'<div class="pair">{capabilities}{models}</div>'


def _evidence(campaign: Campaign) -> str:
    return f'<p class="quiet buttons" data-tree>Each line opens to what was measured.</p>{tree(campaign.evidence)}'


def _coverage(campaign: Campaign) -> str:
    fields = sorted(campaign.coverage.items(), key=lambda item: (item[1], item[0]))
    return bars(fields, "Share of its exchanges that carry each field used", kind="field")


def _snippets(snippets: list[str]) -> str:
    items = "".join(f"<li>{escaped(text)}</li>" for text in snippets[:SNIPPETS])
    return f'<ul class="snippets">{items}</ul>'
