"""A campaign's exchanges over time, stacked by model, with releases and bans, as an inline SVG."""

from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from stillwatch.records import Campaign, HappenedEvent, Interval
from stillwatch.records.times import moment
from stillwatch.reports._writing.text import escaped
from stillwatch.reports._writing.words import DAY, HOUR, MINUTE, day, many, minute, span
from stillwatch.reports.page.pieces import heads, name, scrolling

COLUMNS = 96  # bars a picture holds; finer intervals are added up
MODELS = 5  # models with a colour of their own; the rest share one
WIDTH, TOP, HEIGHT, LANE = 880, 46, 170, 26
LEFT, RIGHT = 52, 12
STEPS = [
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    28 * DAY,
]


class Column(NamedTuple):
    """Exchanges of [start, start + width) by model; `accounts` is the most any one interval had."""

    start: int
    accounts: int
    models: Counter[str]


class Scale(NamedTuple):
    """Where a time or a count lies in the picture."""

    start: int
    width: int  # microseconds a column
    columns: int
    highest: int

    def across(self, micros: float) -> float:
        inside = WIDTH - LEFT - RIGHT
        return LEFT + inside * (micros - self.start) / (self.width * self.columns)

    def up(self, exchanges: float) -> float:
        return HEIGHT * exchanges / max(self.highest, 1)


def columns(timeline: list[Interval]) -> tuple[list[Column], int]:
    """The timeline in at most `COLUMNS` columns on an even grid, and the width of one in microseconds."""
    ordered = sorted(timeline, key=lambda interval: interval.start)
    starts = [interval.start for interval in ordered]
    step = min((later - earlier for earlier, later in pairwise(starts) if later > earlier), default=HOUR)
    intervals = (starts[-1] - starts[0]) // step + 1
    width = step * -(-intervals // COLUMNS)
    found: dict[int, Column] = {}
    for interval in ordered:
        start = starts[0] + (interval.start - starts[0]) // width * width
        column = found.setdefault(start, Column(start, 0, Counter()))
        named = interval.models or {"model not named": interval.exchanges}
        column.models.update({model: count for model, count in named.items() if count > 0})
        found[start] = column._replace(accounts=max(column.accounts, interval.accounts))
    return list(found.values()), width


def timeline(campaign: Campaign, happened: list[HappenedEvent]) -> str:
    if not campaign.timeline:
        return '<p class="quiet">The run recorded no timeline for this campaign.</p>'
    drawn, width = columns(campaign.timeline)
    total = Counter[str]()
    for column in drawn:
        total.update(column.models)
    ranked = [model for model, _ in total.most_common()]
    colours = {model: f"m{min(place, MODELS)}" for place, model in enumerate(ranked)}
    last = drawn[-1].start
    scale = Scale(drawn[0].start, width, (last - drawn[0].start) // width + 1, max(map(_count, drawn)))
    seen = [event for event in happened if scale.start <= event.ts < last + width]
    label = (
        f"Exchanges of the campaign each {span(width)}, {day(scale.start)} to {day(last)}; "
        f"at most {many(scale.highest, 'exchange')}"
    )
    picture = (
        f'<svg class="timeline" viewBox="0 0 {WIDTH} {TOP + HEIGHT + LANE + 22}" role="img" '
        f'aria-label="{escaped(label)}">{_grid(scale)}{_bars(drawn, scale, colours)}'
        f"{_detected(campaign, scale)}{_releases(seen, scale)}{_bans(seen, scale)}</svg>"
    )
    return scrolling(picture, label) + _legend(ranked, colours) + _table(drawn, width)


def _count(column: Column) -> int:
    return column.models.total()


def _bars(drawn: list[Column], scale: Scale, colours: dict[str, str]) -> str:
    parts = []
    thick = max((WIDTH - LEFT - RIGHT) / scale.columns - 1, 0.7)
    for column in drawn:
        low = float(TOP + HEIGHT)
        told = f"{minute(column.start)}: {many(_count(column), 'exchange')}, up to {many(column.accounts, 'account')}"
        parts.append(f"<g><title>{escaped(told)}</title>")
        for model in sorted(column.models, key=lambda model: colours[model]):
            tall = scale.up(column.models[model])
            low -= tall
            parts.append(
                f'<rect class="{colours[model]}" x="{scale.across(column.start):.1f}" y="{low:.1f}" '
                f'width="{thick:.1f}" height="{tall:.1f}"/>'
            )
        parts.append("</g>")
    return "".join(parts)


def _grid(scale: Scale) -> str:
    parts = []
    for part in (0.0, 0.5, 1.0):
        y = TOP + HEIGHT * (1 - part)
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="axis end" x="{LEFT - 6}" y="{y + 4:.1f}">{scale.highest * part:,.0f}</text>'
        )
    whole = scale.width * scale.columns
    step = next((step for step in STEPS if whole / step <= 8), whole)
    tick = -(-scale.start // step) * step
    while tick < scale.start + whole:
        at = moment(tick)
        words = f"{at:%H:%M}" if step < DAY and at.hour + at.minute else f"{at.day} {at:%b}"
        x = scale.across(tick)
        parts.append(
            f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP + HEIGHT}" y2="{TOP + HEIGHT + 5}"/>'
            f'<text class="axis middle" x="{x:.1f}" y="{TOP + HEIGHT + 18}">{words}</text>'
        )
        tick += step
    return "".join(parts)


def _detected(campaign: Campaign, scale: Scale) -> str:
    if not scale.start <= campaign.detected_at < scale.start + scale.width * scale.columns:
        return ""
    return _mark(scale.across(campaign.detected_at), 30, "alarm", "first alarm", minute(campaign.detected_at))


def _releases(happened: list[HappenedEvent], scale: Scale) -> str:
    marks = [event for event in happened if event.kind not in {"ban", "unban"}][:8]
    return "".join(
        _mark(scale.across(event.ts), 14, "release", event.what, f"{event.kind} on {minute(event.ts)}")
        for event in marks
    )


def _mark(x: float, y: int, kind: str, words: str, told: str) -> str:
    side, shift = ("end", -4) if x > WIDTH * 0.75 else ("", 4)
    return (
        f'<g class="{kind}"><title>{escaped(words, 160)}: {escaped(told, 160)}</title>'
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 10}" y2="{TOP + HEIGHT}"/>'
        f'<text class="axis {side}" x="{x + shift:.1f}" y="{y}">{escaped(words, 40)}</text></g>'
    )


def _bans(happened: list[HappenedEvent], scale: Scale) -> str:
    """Bans a column, as dots whose area grows with their number, in a lane of their own."""
    places = Counter((event.ts - scale.start) // scale.width for event in happened if event.kind == "ban")
    if not places:
        return ""
    y = TOP + HEIGHT + LANE + 8
    most = max(places.values())
    dots = "".join(
        f'<circle cx="{scale.across(scale.start + (place + 0.5) * scale.width):.1f}" cy="{y}" '
        f'r="{2 + 4 * (count / most) ** 0.5:.1f}"><title>{many(count, "ban")} from '
        f"{minute(scale.start + place * scale.width)}</title></circle>"
        for place, count in sorted(places.items())
    )
    return f'<g class="ban"><text class="axis end" x="{LEFT - 6}" y="{y + 4}">bans</text>{dots}</g>'


def _legend(ranked: list[str], colours: dict[str, str]) -> str:
    shown = [(name(model, 48), colours[model]) for model in ranked[:MODELS]]
    if len(ranked) > MODELS:
        shown.append((f"{len(ranked) - MODELS} other models", f"m{MODELS}"))
    items = "".join(
        f'<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="{colour}" width="10" height="10"/></svg>'
        f"{label}</li>"
        for label, colour in shown
    )
    return f'<ul class="legend">{items}</ul>'


def _table(drawn: list[Column], width: int) -> str:
    rows = "".join(
        f'<tr><th scope="row">{minute(column.start)}</th><td class="number">{_count(column):,}</td>'
        f'<td class="number">{column.accounts:,}</td></tr>'
        for column in drawn
    )
    head = heads(
        (f"From, each {span(width)}", ""), ("Exchanges", "number"), ("Most accounts at once", "number")
    )
    content = scrolling(f"<table>{head}<tbody>{rows}</tbody></table>", "Timeline as a table")
    return f'<details class="aside"><summary>The same as a table</summary>{content}</details>'
