"""The operators: each composes one way to harvest a model that the public cases tell of."""

from collections.abc import Callable

from stillwatch.lab.elsewhere.operators import (
    february,
    hydra,
    june,
    relay,
    september,
    slow,
    trace_cleaning,
)
from stillwatch.lab.elsewhere.operators.crew import Crew

OPERATORS: dict[str, tuple[str, Callable[[Crew], None]]] = {  # kind, and what it does
    "feb-reason": ("february", february.reason),
    "feb-broad": ("february", february.broad),
    "feb-pivot": ("february", february.pivot),
    "hydra": ("hydra", hydra.run),
    "june": ("june-low-rate", june.run),
    "september": ("september-injected", september.run),
    "relay": ("relay", relay.run),
    "traceclean": ("trace-cleaning", trace_cleaning.run),
    "slow": ("slow-paraphrase", slow.run),
}
