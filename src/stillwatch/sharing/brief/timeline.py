"""When the campaigns ran, as a picture: exchanges by day, first alarms, and the releases of models."""

from collections import Counter

from stillwatch.records import HappenedEvent
from stillwatch.sharing.brief.figures import day, escaped, moment
from stillwatch.sharing.brief.writing import Writing, section

DAY = 86_400_000_000
WEEK = 7  # days a bar has at least where days are not told
COLUMNS = 90  # bars that a picture of this width holds
WIDTH, TOP, HEIGHT, FOOT = 720, 34, 80, 18
TEXT = 'font-size="10" font-family="sans-serif" fill="#4d5764"'  # style sheets do not reach pictures in a PDF
RELEASES = 6  # marked; more would lie over each other


def timeline(writing: Writing) -> str:
    material = writing.material
    bars = Counter[int]()
    for one in material.campaigns:
        for interval in one.timeline:
            bars[interval.start // DAY] += interval.exchanges
    if not bars:
        return ""
    first, last = min(bars), max(bars)
    width = max(-(-(last - first + 1) // COLUMNS), 1 if writing.audience.exact else WEEK)
    columns = Counter[int]()
    for at, exchanges in bars.items():
        columns[(at - first) // width] += exchanges
    start, step = first * DAY, width * DAY
    count = (last - first) // width + 1
    label = "Exchanges of the campaigns over time, with first alarms and releases of models"
    picture = (
        f'<svg viewBox="0 0 {WIDTH} {TOP + HEIGHT + FOOT}" role="img" aria-label="{label}">'
        f"{_bars(columns, count)}{_marks(writing, start, step * count)}{_ends(writing, start, last * DAY)}</svg>"
    )
    caption = (
        f"<figcaption>Exchanges of the campaigns from {day(start, writing.audience)} to "
        f"{day(last * DAY, writing.audience)}. The first alarm came {writing.on} {writing.figure('total.detected')}. Red: first alarms of campaigns. Dashed: releases of models.</figcaption>"
    )
    return section("timeline", "Timeline", f"<figure>{picture}{caption}</figure>")


def _bars(columns: Counter[int], count: int) -> str:
    highest, thick = max(columns.values()) or 1, WIDTH / count
    return "".join(
        f'<rect fill="#0b5a7a" x="{at * thick:.1f}" y="{TOP + HEIGHT - round(HEIGHT * exchanges / highest)}" '
        f'width="{max(thick - 1, 0.6):.1f}" height="{round(HEIGHT * exchanges / highest)}"/>'
        for at, exchanges in sorted(columns.items())
    )


def _marks(writing: Writing, start: int, length: int) -> str:
    """First alarms, and releases of models, within the picture."""
    seen = [
        event
        for event in writing.material.log.events
        if event.kind == "model_release" and start <= event.ts < start + length
    ]
    alarms = sorted({one.detected_at // DAY for one in writing.material.campaigns})
    lines = [
        f'<line stroke="#b3261e" stroke-width="1.6" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6}" y2="{TOP + HEIGHT}"/>'
        for x in (WIDTH * (at * DAY - start) / length for at in alarms)
        if 0 <= x <= WIDTH
    ]
    return "".join([*lines, *(_release(writing, event, start, length) for event in seen[:RELEASES])])


def _release(writing: Writing, event: HappenedEvent, start: int, length: int) -> str:
    x = WIDTH * (event.ts // DAY * DAY - start) / length
    words = escaped(event.what, 30) if writing.audience.exact else "release"
    side = "end" if x > WIDTH * 0.75 else "start"
    return (
        f'<line stroke="#4d5764" stroke-dasharray="4 3" x1="{x:.1f}" x2="{x:.1f}" y1="14" y2="{TOP + HEIGHT}"/>'
        f'<text class="name" {TEXT} text-anchor="{side}" x="{x:.1f}" y="11">{words}</text>'
    )


def _ends(writing: Writing, first: int, last: int) -> str:
    form = "%d %b %Y" if writing.audience.exact else "%B %Y"
    y = TOP + HEIGHT + 13
    return (
        f'<text class="date" {TEXT} x="0" y="{y}">{moment(first):{form}}</text>'
        f'<text class="date" {TEXT} text-anchor="end" x="{WIDTH}" y="{y}">{moment(last):{form}}</text>'
    )
