"""Figures as a brief shows them: rounded as their readers are owed, and linked to the query that recomputes them."""

import html
import math
from datetime import UTC, datetime, timedelta
from typing import Literal

from stillwatch.records import Micros, clean
from stillwatch.sharing.brief.audience import FEW, Audience

Kind = Literal["people", "count", "tally", "share", "flop", "hours", "modelled", "ratio", "day"]
"""`people` counts accounts and what they did, and is not given to the public when it is small; `tally` is exact for all."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PUBLIC_DIGITS = 2
PLAIN = 0.01, 1000.0  # between these a number is written out


def released(value: float, kind: Kind, audience: Audience) -> float:
    """The value that these readers get, which is also what recomputing it for them gives."""
    if kind == "day":
        return _period_start(value, audience)
    if audience.exact or kind == "tally":
        return value
    if kind == "people" and 0 < value < FEW:
        return float(FEW)
    return significant(value)


def significant(value: float) -> float:
    if value == 0 or not math.isfinite(value):
        return value
    return float(f"{value:.{PUBLIC_DIGITS}g}")


def shown(value: float, kind: Kind, audience: Audience) -> str:
    """A released value in words and digits, as HTML."""
    match kind:
        case "people" if not audience.exact and value == FEW:
            return f"at most {FEW}"
        case "people" | "count" | "tally":
            return _count(value)
        case "share":
            return f"{100 * value:.3g}%"
        case "flop" | "ratio":
            return _power(value)
        case "hours" | "modelled":
            return f"{significant(value):,.0f}" if value >= FEW else f"{value:.2g}"
        case "day":
            return _day(value, audience)


def _count(value: float) -> str:
    return f"{value:,.0f}" if value >= FEW or value == int(value) else f"{value:.2g}"


def _power(value: float) -> str:
    """Two digits and a power of ten, raised by HTML, where the number is very small or large."""
    if value == 0 or PLAIN[0] <= value < PLAIN[1]:
        return f"{value:.3g}"
    digits, exponent = f"{value:.1e}".split("e")
    power = str(int(exponent)).replace("-", "&minus;")
    return f"{digits} &times; 10<sup>{power}</sup>"


def moment(micros: float) -> datetime:
    return EPOCH + timedelta(microseconds=int(micros))


def _period_start(micros: float, audience: Audience) -> float:
    at = moment(micros).replace(hour=0, minute=0, second=0, microsecond=0)
    start = at if audience.exact else at.replace(day=1)
    return float((start - EPOCH) // timedelta(microseconds=1))


def _day(micros: float, audience: Audience) -> str:
    at = moment(micros)
    return f"{at.day} {at:%b %Y}" if audience.exact else f"{at:%B %Y}"


def day(micros: Micros | float, audience: Audience) -> str:
    """A date that is no figure of its own, such as that of a decision."""
    return f"<time>{_day(_period_start(micros, audience), audience)}</time>"


def escaped(text: str, limit: int = 600) -> str:
    """Text from a log or a person, made safe to stand in a page."""
    return html.escape(clean(text, limit), quote=True)


def attribute(value: float) -> str:
    """The value for programs: every digit of it."""
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
