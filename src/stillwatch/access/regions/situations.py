"""How accounts come to look as they do: innocent and other situations, each with its own error of every signal.

For one unsupported place, *here*, each signal of an account falls into one finding. A situation says how often each
finding is met in it. The shares are rough on purpose and were set from what is said beside them, not fitted; they say how far a
signal can be trusted, and no country appears in them. Rows are brought to a sum of one.
"""

from collections.abc import Mapping

import msgspec

PLACES = 249  # countries of ISO 3166-1: a place that is met by chance is one of them
CHANCE = 0.005 / PLACES  # records that name a place by mistake

FINDINGS: Mapping[str, tuple[str, ...]] = {
    "declared": ("here", "another unsupported place", "a supported place"),
    "document": ("here", "another unsupported place", "a supported place"),
    "address": (
        "supported places",
        "ranges that hide the user",
        "many short-lived ways in, as of residential proxies",
        "here for a short stay",
        "here in between, otherwise hidden",
        "here steadily",
        "another unsupported place",
    ),
    "signup": ("here", "another unsupported place", "a supported place", "a range that hides the user"),
    "payment": ("here", "another unsupported place", "a supported place", "prepaid or virtual, of a supported place"),
    "phone": ("here", "another unsupported place", "a supported place"),
    "clock": (
        "the day of the place it calls from",
        "rather the day of the place it calls from",
        "no side",
        "the day here, but also of the place declared",
        "rather the day here",
        "the day here",
    ),
    "language": ("spoken less here than elsewhere", "no side", "spoken more here than elsewhere", "spoken here and hardly elsewhere"),
    "coherence": ("one supported country named", "two named", "three named", "four or more named"),
}  # fmt: skip
"""The signals and what each can say about one unsupported place. `coherence` counts the supported countries that the
other signals name between them."""

ORDERS: Mapping[str, tuple[tuple[int, int], ...]] = {
    "address": ((0, 1), (0, 2), (3, 4), (3, 5)),
    "signup": ((2, 3),),
    "payment": ((2, 3),),
    "clock": ((4, 5), (3, 4), (2, 3), (1, 2), (0, 1)),
    "coherence": ((2, 3), (1, 2), (0, 1)),
}
"""Findings (first) that less knowledge turns others (second) into: without address ranges a hidden user is in a
supported place. The first is never held to be more suspicious than the second."""


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """One way to be: its share among the innocent, or among the others, and how often each finding is met in it."""

    name: str
    share: float
    declared: tuple[float, ...]
    document: tuple[float, ...]
    address: tuple[float, ...]
    signup: tuple[float, ...]
    payment: tuple[float, ...]
    phone: tuple[float, ...]
    clock: tuple[float, ...]
    language: tuple[float, ...]
    coherence: tuple[float, ...]


# People who live where the service is offered. What they name is nearly always a supported place; 1 in 25 pays by a
# prepaid or virtual card (payment statistics of several countries lie between 2 and 8 %). About 1 in 100 keeps the
# hours of another continent.
RESIDENT = Situation(
    name="resident",
    share=0.70,
    declared=(CHANCE, 0.002, 0.998),
    document=(CHANCE, 0.003, 0.997),
    address=(0.93, 0.04, 0.004, 10 * CHANCE, CHANCE, CHANCE, 0.01),
    signup=(2 * CHANCE, 0.005, 0.965, 0.03),
    payment=(2 * CHANCE, 0.003, 0.957, 0.04),
    phone=(2 * CHANCE, 0.003, 0.997),
    clock=(0.52, 0.13, 0.30, 0.02, 0.022, 0.008),
    language=(0.50, 0.38, 0.10, 0.02),
    coherence=(0.90, 0.08, 0.015, 0.005),
)
_r = msgspec.structs.replace
# A private or company network: the address says nothing, all else is as of a resident.
VEILED = _r(
    RESIDENT,
    name="behind a private or company network",
    share=0.08,
    address=(0.05, 0.85, 0.01, 10 * CHANCE, 10 * CHANCE, CHANCE, 0.02),
    signup=(2 * CHANCE, 0.005, 0.60, 0.39),
    clock=(0.40, 0.13, 0.32, 0.10, 0.04, 0.01),
    coherence=(0.62, 0.31, 0.06, 0.01),
)
# Staff of a company elsewhere, through its network: the clock is not that of the exit, mostly that of what is declared.
REMOTE = _r(
    VEILED,
    name="remote worker",
    share=0.02,
    clock=(0.20, 0.10, 0.30, 0.25, 0.09, 0.06),
    coherence=(0.45, 0.37, 0.14, 0.04),
)
TRAVELLER = _r(
    RESIDENT,
    name="traveller",
    share=0.06,
    address=(0.75, 0.10, 0.03, 50 * CHANCE, 10 * CHANCE, 5 * CHANCE, 0.06),
    signup=(20 * CHANCE, 0.02, 0.93, 0.05),
    clock=(0.32, 0.15, 0.34, 0.07, 0.08, 0.04),
    coherence=(0.50, 0.38, 0.10, 0.02),
)
# The same on a stay here: the clock is that of here while it lasts.
VISITOR = _r(
    TRAVELLER,
    name="traveller on a stay here",
    share=0.06 / PLACES,
    address=(0.05, 0.05, 0.01, 0.72, 0.10, 0.06, 0.01),
    signup=(0.08, 0.01, 0.86, 0.05),
    payment=(0.005, 0.003, 0.942, 0.05),
    phone=(0.02, 0.003, 0.977),
    clock=(0.15, 0.10, 0.40, 0.15, 0.10, 0.10),
)
# Expatriates: a card, telephone or language of the country they come from, and a steady presence where they live.
EXPATRIATE = _r(
    RESIDENT,
    name="expatriate",
    share=0.05,
    document=(10 * CHANCE, 0.15, 0.85),
    address=(0.86, 0.08, 0.006, 20 * CHANCE, 5 * CHANCE, CHANCE, 0.03),
    signup=(10 * CHANCE, 0.02, 0.90, 0.08),
    payment=(10 * CHANCE, 0.06, 0.88, 0.06),
    phone=(10 * CHANCE, 0.10, 0.90),
    coherence=(0.30, 0.52, 0.15, 0.03),
)
EXPATRIATE_FROM_HERE = _r(
    EXPATRIATE,
    name="expatriate from here",
    share=0.05 / PLACES,
    declared=(0.02, 0.001, 0.979),
    document=(0.50, 0.005, 0.495),
    address=(0.72, 0.10, 0.006, 0.13, 0.03, 0.005, 0.01),
    signup=(0.15, 0.01, 0.76, 0.08),
    payment=(0.35, 0.005, 0.585, 0.06),
    phone=(0.40, 0.005, 0.595),
    clock=(0.42, 0.13, 0.32, 0.04, 0.05, 0.04),
    language=(0.20, 0.20, 0.25, 0.35),
    coherence=(0.55, 0.36, 0.07, 0.02),
)
# One in five of them uses a private network, and one in twenty keeps the hours of those at home.
VEILED_FROM_HERE = _r(
    EXPATRIATE_FROM_HERE,
    name="expatriate from here, behind a private network",
    share=0.01 / PLACES,
    address=(0.05, 0.76, 0.02, 0.04, 0.12, 0.005, 0.005),
    signup=(0.12, 0.01, 0.40, 0.47),
)
NIGHT_FROM_HERE = _r(
    EXPATRIATE_FROM_HERE,
    name="expatriate from here, at the hours of here",
    share=0.0025 / PLACES,
    clock=(0.05, 0.05, 0.20, 0.10, 0.20, 0.40),
)
MACHINE = _r(
    RESIDENT,
    name="a program at any hour",
    share=0.05,
    address=(0.25, 0.70, 0.02, 2 * CHANCE, 2 * CHANCE, 2 * CHANCE, 0.01),
    signup=(2 * CHANCE, 0.005, 0.80, 0.19),
    clock=(0.02, 0.05, 0.88, 0.01, 0.03, 0.01),
    coherence=(0.70, 0.23, 0.05, 0.02),
)
ROAMER = _r(
    TRAVELLER,
    name="roaming, by many networks",
    share=0.01,
    address=(0.30, 0.05, 0.55, 50 * CHANCE, 20 * CHANCE, CHANCE, 0.05),
)
# What the list forgets: records in disorder, in which nothing means much.
DISORDER = Situation(
    name="records in disorder",
    share=0.003,
    declared=(0.02, 0.15, 0.83),
    document=(0.02, 0.15, 0.83),
    address=(0.30, 0.20, 0.10, 0.05, 0.03, 0.02, 0.30),
    signup=(0.02, 0.15, 0.58, 0.25),
    payment=(0.02, 0.15, 0.58, 0.25),
    phone=(0.02, 0.15, 0.83),
    clock=(0.20, 0.15, 0.25, 0.10, 0.15, 0.15),
    language=(0.30, 0.25, 0.25, 0.20),
    coherence=(0.30, 0.30, 0.20, 0.20),
)
INNOCENT = (
    RESIDENT,
    VEILED,
    REMOTE,
    TRAVELLER,
    VISITOR,
    EXPATRIATE,
    EXPATRIATE_FROM_HERE,
    VEILED_FROM_HERE,
    NIGHT_FROM_HERE,
    MACHINE,
    ROAMER,
    DISORDER,
)

# Use from an unsupported place. Nothing is hidden, since nothing was known or nobody minded.
OPEN = Situation(
    name="openly from here",
    share=0.15,
    declared=(0.50, 0.005, 0.495),
    document=(0.90, 0.005, 0.095),
    address=(0.02, 0.03, 0.01, 0.14, 0.03, 0.75, 0.02),
    signup=(0.75, 0.01, 0.14, 0.10),
    payment=(0.60, 0.02, 0.20, 0.18),
    phone=(0.85, 0.005, 0.145),
    clock=(0.03, 0.06, 0.87, 0.01, 0.02, 0.01),  # the address is here, so the hours fit it
    language=(0.10, 0.20, 0.30, 0.40),
    coherence=(0.60, 0.30, 0.07, 0.03),
)
# By a private network, which is left off now and then; the telephone is often still the own one.
BEHIND = Situation(
    name="from here behind a private network",
    share=0.35,
    declared=(0.10, 0.01, 0.89),
    document=(0.40, 0.02, 0.58),
    address=(0.06, 0.62, 0.05, 0.02, 0.19, 0.05, 0.01),
    signup=(0.15, 0.02, 0.27, 0.56),
    payment=(0.28, 0.02, 0.33, 0.37),
    phone=(0.40, 0.03, 0.57),
    clock=(0.07, 0.07, 0.30, 0.06, 0.18, 0.32),
    language=(0.25, 0.25, 0.25, 0.25),
    coherence=(0.32, 0.38, 0.20, 0.10),
)
# With bought identities: residential proxies, cards and numbers of other countries.
DISGUISED = Situation(
    name="from here with bought identities",
    share=0.35,
    declared=(0.01, 0.01, 0.98),
    document=(0.10, 0.02, 0.88),
    address=(0.25, 0.17, 0.49, 0.01, 0.05, 0.01, 0.02),
    signup=(0.04, 0.01, 0.60, 0.35),
    payment=(0.03, 0.02, 0.50, 0.45),
    phone=(0.06, 0.04, 0.90),
    clock=(0.07, 0.07, 0.33, 0.05, 0.16, 0.32),
    language=(0.38, 0.27, 0.17, 0.18),
    coherence=(0.22, 0.35, 0.27, 0.16),
)
# Relayed by machines in hosting: round the clock.
RELAYED = _r(
    DISGUISED,
    name="relayed for here by hosted machines",
    share=0.15,
    address=(0.15, 0.65, 0.12, 0.01, 0.05, 0.005, 0.015),
    signup=(0.04, 0.02, 0.40, 0.54),
    clock=(0.12, 0.09, 0.49, 0.04, 0.12, 0.14),
)
UNSUPPORTED = (OPEN, BEHIND, DISGUISED, RELAYED)
