"""The top of the page: what was found, in what, and what could not be seen."""

from stillwatch.records import Campaign, LogSummary
from stillwatch.reports._writing.text import escaped
from stillwatch.reports._writing.verdict import delay, headline, listed, period, tested
from stillwatch.reports._writing.words import day, many, named, odds, rounded
from stillwatch.reports.page.pieces import bars, heads, name, scrolling, tiles


def overview(log: LogSummary, campaigns: list[Campaign]) -> str:
    found = _list(campaigns) if campaigns else _nothing(log)
    return (
        f'<header><p class="brand">Stillwatch</p><h1>{escaped(headline(log, campaigns))}</h1>'
        f'<p class="lead">{escaped(period(log))}. {escaped(tested(log))}</p>{_read(log)}</header>{found}'
    )


def _read(log: LogSummary) -> str:
    return tiles(
        [
            ("Files read", f"{log.files:,}"),
            ("Exchanges", rounded(log.exchanges)),
            ("Accounts", rounded(log.accounts)),
            ("Delivered twice", f"{log.repeats:,}"),
            ("Records rejected", f"{log.rejected:,}"),
            ("Groups tested", f"{log.clusters_tested:,}"),
        ]
    )


def _list(campaigns: list[Campaign]) -> str:
    head = heads(
        ("Campaign", ""),
        ("Accounts", "number"),
        ("Exchanges", "number"),
        ("Tokens out", "number"),
        ("Takes", "takes"),
        ("First seen", "number"),
        ("Alarm after", "number"),
        ("By chance", "number"),
    )
    rows = "".join(_row(number, campaign) for number, campaign in enumerate(campaigns))
    table = f"<table>{head}<tbody>{rows}</tbody></table>"
    return f'<section aria-labelledby="list"><h2 id="list">Campaigns</h2>{scrolling(table, "Campaigns")}</section>'


def _row(number: int, campaign: Campaign) -> str:
    takes = listed((named(share.name), share.share) for share in campaign.capabilities)
    volume = (f"{campaign.accounts:,}", f"{campaign.exchanges:,}", rounded(campaign.tokens_out))
    rest = (day(campaign.first_seen), delay(campaign), odds(campaign.log_e_value))
    before, after = ("".join(f'<td class="number">{cell}</td>' for cell in cells) for cells in (volume, rest))
    link = f'<a href="#campaign-{number}">{name(campaign.campaign_id, 60)}</a>'
    return f'<tr><th scope="row">{link} {state(campaign)}</th>{before}<td class="takes">{escaped(takes)}</td>{after}</tr>'


def state(campaign: Campaign) -> str:
    word = "running" if campaign.active else "ended"
    return f'<span class="state {word}">{word}</span>'


def _nothing(log: LogSummary) -> str:
    return (
        '<section aria-labelledby="nothing"><h2 id="nothing">What this does and does not say</h2>'
        f"<p>{escaped(tested(log))} No group passed both tests. That a campaign was not found does not show that "
        "none is there: one that is too small, too young or hidden by the gaps named below would not be seen."
        "</p></section>"
    )


def blind_spots(log: LogSummary) -> str:
    sentences = "".join(f"<li>{escaped(sentence)}</li>" for sentence in log.unseen)
    gaps = f"<ul>{sentences}</ul>" if sentences else "<p>No test was left out for want of a field.</p>"
    rejected = (
        f"<p>{many(log.rejected, 'record')} could not be read; rejected.jsonl names each with its reason.</p>"
        if log.rejected
        else ""
    )
    fields = sorted(log.coverage.items(), key=lambda item: (item[1], item[0]))
    carried = bars(fields, "Share of exchanges or accounts that carry each field", kind="field")
    return (
        '<section aria-labelledby="unseen"><h2 id="unseen">What could not be seen</h2>'
        f'{gaps}{rejected}<details class="aside"><summary>Fields of the log</summary>{carried}</details></section>'
    )


READING = """<section aria-labelledby="reading"><h2 id="reading">How to read this</h2>
<p>A campaign is a group of accounts that passed two tests: that one operator controls them, and that they extract
the model's answers. Each claim carries a weight, the chance that benign traffic gives evidence as strong, at most;
it comes from an e-value, which stays valid however long the traffic is watched. Benign traffic is this log's
own. A verdict is about a group: an account's own probability and share stand in its row, and an account can
carry real customers beside the campaign.</p></section>"""
