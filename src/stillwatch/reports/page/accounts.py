"""The accounts table: its rows as JSON the page's script sorts, filters and pages, and the first ones as HTML."""

import json
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.records import MEMBERS, Campaign
from stillwatch.reports._writing.text import NAME, clean
from stillwatch.reports._writing.words import minute, percent
from stillwatch.reports.page.pieces import name, scrolling

FIRST = 25  # rows a browser without script shows
EMBEDDED = 20_000  # rows a campaign puts into the page; a table in a browser stays quick up to here
COLUMNS = (
    ("Account", "text"),
    ("Exchanges", "count"),
    ("Run by the operator", "share"),
    ("Share of its traffic", "share"),
    ("Flagged, UTC", "time"),
    ("First seen, UTC", "time"),
    ("Last seen, UTC", "time"),
)
FIELDS = ("account_id", "exchanges", "probability", "illicit_share", "flagged_at", "first_seen", "last_seen")

Row: TypeAlias = list[str | int | float | None]


def rows_of(members: pa.Table, campaign: Campaign) -> list[Row]:
    """The campaign's rows, most exchanges first; times in microseconds, ids made safe to show."""
    mine = members.filter(pc.equal(members["campaign_id"], campaign.campaign_id))
    ordered = mine.sort_by([("exchanges", "descending"), ("account_id", "ascending")]).slice(0, EMBEDDED)
    listed = [_plain(ordered[field], MEMBERS.field(field).type) for field in FIELDS]
    return [[clean(row[0], NAME), *row[1:]] for row in zip(*listed, strict=True)]


def _plain(column: pa.ChunkedArray, kind: pa.DataType) -> list[str | int | float | None]:
    values: list[str | int | float | None] = (
        column.cast(pa.int64()) if pa.types.is_timestamp(kind) else column
    ).to_pylist()
    return [round(value, 6) if isinstance(value, float) else value for value in values]


def embedded(tables: list[list[Row]]) -> str:
    """JSON that cannot end the script element it stands in, nor begin a comment there."""
    text = json.dumps(tables, separators=(",", ":"), ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def table(rows: list[Row], number: int, campaign: Campaign) -> str:
    """`number` is the campaign's place in the embedded data."""
    head = "".join(f'<th scope="col" data-kind="{kind}">{words}</th>' for words, kind in COLUMNS)
    body = "".join(_row(row) for row in rows[:FIRST])
    left = campaign.accounts - len(rows)
    more = f"<p>{left:,} more accounts are in members.parquet.</p>" if left > 0 else ""
    content = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    plain = f"<noscript><p>The first {min(FIRST, len(rows)):,} of {len(rows):,}; sorting and paging need script.</p></noscript>"
    return (
        f'<div class="accounts" data-campaign="{number}">{scrolling(content, "Accounts")}'
        f"{plain if len(rows) > FIRST else ''}{more}</div>"
    )


def _row(row: Row) -> str:
    account, exchanges, probability, share, flagged, first, last = row
    cells = [
        f"{exchanges:,}" if isinstance(exchanges, int) else "",
        *(percent(value) if isinstance(value, float) else "" for value in (probability, share)),
        *(
            minute(value).removesuffix(" UTC") if isinstance(value, int) else ""
            for value in (flagged, first, last)
        ),
    ]
    numbers = "".join(f'<td class="number">{cell}</td>' for cell in cells)
    return f'<tr><th scope="row">{name(str(account))}</th>{numbers}</tr>'
