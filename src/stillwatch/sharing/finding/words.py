"""The words a shared finding may be written in: each text is of a closed form, so that a prompt does not fit in.

Three kinds of text exist. Words of a closed list; names, tokens and hashes of a form without spaces; and statements,
which a person enters about an operator, a provider or a finding. No other text has a place.
"""

from typing import Annotated, Literal, get_args

import msgspec

from stillwatch.records import CAPABILITIES

Tlp = Literal["clear", "green", "amber", "amber+strict", "red"]
"""TLP 2.0, the widest audience first."""
TLPS: tuple[Tlp, ...] = get_args(Tlp)

Action = Literal["watch", "step_up", "block"]
"""The most a receiver should do on an indicator alone, mildest first."""
ACTIONS: tuple[Action, ...] = get_args(Action)

IndicatorKind = Literal["asn", "ja4"]
"""What of a call an indicator looks at."""

Status = Literal["suspected", "open", "confirmed"]
"""As `records.State`: followed, called by the error control, confirmed by a person."""

Likelihood = Literal[
    "almost no chance",
    "very unlikely",
    "unlikely",
    "roughly even chance",
    "likely",
    "very likely",
    "almost certain",
]
"""The estimative words of ICD 203."""
LIKELIHOODS: tuple[Likelihood, ...] = get_args(Likelihood)
Confidence = Literal["low", "moderate", "high"]

Basis = Literal[
    "own disclosure", "payment trail", "infrastructure", "business registry", "partner", "legal process"
]
"""What a naming rests on. Country and language are none of these: they are no evidence of guilt."""

Capability = Literal[
    "reasoning_traces",
    "agentic_reasoning",
    "tool_use",
    "coding",
    "orchestration",
    "data_analysis",
    "computer_use",
    "vision",
    "reward_modelling",
    "censorship_safe_rewriting",
    "task_synthesis",
    "data_curation",
    "general",
]
assert get_args(Capability) == CAPABILITIES  # a literal cannot be made of the tuple that readers of logs use

LARGEST = 2**53 - 1  # whole numbers that every reader of JSON keeps

Count = Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
Amount = Annotated[float, msgspec.Meta(ge=-1e300, le=1e300)]  # finite
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Time = Annotated[
    int, msgspec.Meta(ge=0, le=253_402_300_799_999_999)
]  # microseconds, to the end of the year 9999

HEAVIEST = 3.0  # nats that a partner may state and a receiver takes: a factor of twenty, as one detector's two at most
Weight = Annotated[float, msgspec.Meta(ge=0, le=HEAVIEST)]

Hash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,79}\Z")]
"""Of a model, a detector, an algorithm, a key, a recipient."""
Token = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16,4096}\Z")]
"""What a keyed function made, in hexadecimal."""
QueryId = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}/[A-Za-z0-9_.-]{1,64}/[0-9a-f]{16}\Z")]
FindingId = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")]
Statement = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f<>]+\Z")]
"""In a person's words, on one line, without markup."""


def rank(tlp: Tlp) -> int:
    """Higher is narrower."""
    return TLPS.index(tlp)


def narrowest(*marks: Tlp) -> Tlp:
    return max(marks, key=rank)
