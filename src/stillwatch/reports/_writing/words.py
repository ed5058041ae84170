"""Numbers and times as people read them. Times are microseconds since 1970, UTC."""

import math

from stillwatch.records.times import moment

MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000
REACH = 10_000  # innocent groups, about, on which the law of e-values was set
SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def minute(micros: int) -> str:
    """`2026-03-02 04:10 UTC`."""
    return moment(micros).strftime("%Y-%m-%d %H:%M UTC")


def day(micros: int) -> str:
    """`2 Mar 2026`."""
    return f"{moment(micros).day} {moment(micros):%b %Y}"


def span(micros: int) -> str:
    """A length of time in its two largest units: `3 days 4 h`, `5 h 30 min`, `12 min`, `40 s`."""
    if micros < MINUTE:
        return f"{micros / 1e6:.0f} s"
    days, rest = divmod(micros, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    if days:
        return f"{days} day{'s' if days != 1 else ''}" + (f" {hours} h" if hours else "")
    if hours:
        return f"{hours} h" + (f" {minutes} min" if minutes else "")
    return f"{minutes} min"


def many(number: int, noun: str) -> str:
    """`1 account`, `1,482 accounts`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def rounded(number: float) -> str:
    """A large count in words: `48,210`, `61.2 million`."""
    for scale, word in SCALES:
        if number >= scale:
            return f"{number / scale:.3g} {word}"
    return f"{number:,.0f}"


def percent(share: float) -> str:
    """`58%`, `0.3%`, `99.5%`; never 0% or 100% for a share that is neither."""
    if share <= 0 or share >= 1:
        return f"{share:.0%}"
    if share < 0.001:
        return "under 0.1%"
    if share > 0.999:
        return "over 99.9%"
    digits = 1 if share < 0.1 or share > 0.99 else 0
    return f"{share * 100:.{digits}f}".removesuffix(".0") + "%"


def figure(value: float | str) -> str:
    """A measured value in at most four significant digits; text stays as it is."""
    if isinstance(value, str):
        return value
    if not math.isfinite(value) or value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.4g}"


def odds(log_e_value: float) -> str:
    """`1 in 370`: how seldom benign traffic gives an e-value this large, at most (Markov's inequality).

    Beyond REACH the number would be an extrapolation and no observation, so it stops there.
    """
    if log_e_value <= 0:
        return "no evidence"
    chance = min(math.exp(min(log_e_value, 100.0)), REACH)
    return f"1 in {chance:.2g}" if chance < 10 else f"1 in {rounded(float(f'{chance:.2g}'))}"


def named(identifier: str) -> str:
    """A capability or field in words: `reward_modelling` as `reward modelling`."""
    return identifier.replace("_", " ")
