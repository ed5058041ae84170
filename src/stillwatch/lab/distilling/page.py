"""The result as one page that needs nothing beside it: drawings as SVG, the table, and what it does not show."""

from collections.abc import Sequence
from html import escape

from stillwatch.lab.distilling.experiment import LIMITS, Interval, Row

WIDTH, LEFT, RIGHT, LINE = 760, 250, 90, 26
PANELS = (
    ("student_divergence", "Student: divergence from the teacher, nats a token (more: it learned less)"),
    ("student_left_out", "Student: right answers about people it was not told of"),
    ("student_asked", "Student: right answers about people it was told of"),
    ("customer_divergence", "Customers: divergence of what is served, nats a token"),
    ("customer_correct", "Customers: right answers"),
    ("log10_p", "Proof: -log10 p by bound that the student learned from the mark"),
)
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}"
    "table{border-collapse:collapse}td,th{padding:.2rem .7rem;border-bottom:1px solid #ccc;text-align:right}"
    "td:first-child,th:first-child,td:last-child,th:last-child{text-align:left}svg{max-width:100%;height:auto}"
    "rect{fill:#4a6f8a}line{stroke:#222}text{font:13px system-ui,sans-serif;fill:#222}h2{font-size:1.05rem;margin-bottom:.2rem}"
)


def page(rows: Sequence[Row], seeds: Sequence[int], haul: int, command: str) -> str:
    said = (
        f"{haul:,} tokens of text a student; {len(seeds)} seeds, {seeds[0]} to {seeds[-1]}; bars are means, lines the"
        " intervals of Student at 95 %."
    )
    drawings = "".join(f"<h2>{escape(title)}</h2>{_drawing(rows, name)}" for name, title in PANELS)
    limits = "".join(f"<li>{escape(limit)}</li>" for limit in LIMITS)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Distillation lab</title>'
        f"<style>{STYLE}</style></head><body><h1>Distillation lab</h1><p>{escape(said)}</p>"
        f"<p><code>{escape(command)}</code></p>{drawings}<h2>All figures</h2>{_table(rows)}"
        f"<h2>What this does not show</h2><ul>{limits}</ul></body></html>\n"
    )


def _drawing(rows: Sequence[Row], name: str) -> str:
    sign = -1.0 if name == "log10_p" else 1.0
    shown = [(row.measure, _signed(row.figures[name], sign)) for row in rows]
    most = max([1e-9, *(max(one.mean, one.high or 0.0) for _, one in shown)])
    scale = (WIDTH - LEFT - RIGHT) / most
    parts = [f'<svg viewBox="0 0 {WIDTH} {LINE * len(shown)}" role="img" aria-label="{escape(name)}">']
    for place, (label, one) in enumerate(shown):
        top = place * LINE
        length = max(0.0, one.mean) * scale
        parts.append(f'<text x="{LEFT - 8}" y="{top + 17}" text-anchor="end">{escape(label)}</text>')
        parts.append(f'<rect x="{LEFT}" y="{top + 4}" width="{length:.1f}" height="{LINE - 10}"/>')
        end = LEFT + length
        if one.low is not None and one.high is not None:
            low, high = (LEFT + max(0.0, value) * scale for value in (one.low, one.high))
            parts.append(f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{top + 12}" y2="{top + 12}"/>')
            end = max(end, high)
        parts.append(f'<text x="{end + 6:.1f}" y="{top + 17}">{one.mean:.3g}</text>')
    return "".join(parts) + "</svg>"


def _signed(one: Interval, sign: float) -> Interval:
    if sign > 0 or one.low is None or one.high is None:
        return Interval(one.mean * sign, one.low, one.high)
    return Interval(-one.mean, -one.high, -one.low)


def _table(rows: Sequence[Row]) -> str:
    head = "".join(f"<th>{escape(title.partition(',')[0])}</th>" for _, title in PANELS)
    body = "".join(
        f"<tr><td>{escape(row.measure)}</td>"
        + "".join(f"<td>{written(row.figures[name])}</td>" for name, _ in PANELS)
        + f"<td>{escape(row.customers_lose)}</td></tr>"
        for row in rows
    )
    return f"<table><tr><th>measure</th>{head}<th>customers lose</th></tr>{body}</table>"


def written(one: Interval) -> str:
    """A mean and half the width of its interval."""
    if one.high is None:
        return f"{one.mean:.4g}"
    return f"{one.mean:.4g} ± {one.high - one.mean:.2g}"
