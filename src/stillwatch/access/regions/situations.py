"""How accounts come to look as they do: innocent and other situations, each with its own error of every signal.

For one unsupported place, *here*, each signal of an account falls into one finding. A situation says how often each
finding is met in it. The shares were set by hand from what is said beside them, and tried on composed accounts of seeds
that no figure is reported on; none was fitted. No country appears in them. Each row is brought to a sum of one.
"""

from collections.abc import Mapping

import msgspec
import numpy as np

PLACES = 249  # countries of ISO 3166-1: a place that is met by chance is one of them
CHANCE = 0.005 / PLACES  # records that name a place by mistake
CROSSING = (
    1 / 60
)  # of those who cross borders the share that has to do with one place: large countries have more than 1 in 249
ELSEWHERE = 0.003  # share of declarations of another unsupported place; it tells nothing about this one

FINDINGS: Mapping[str, tuple[str, ...]] = {
    "declared": ("here", "another unsupported place", "a supported place"),
    "address": (
        "a network of its own in a supported place, day after day",
        "networks of people",
        "mostly ranges that hide the user, by few exits",
        "many short-lived ways in",
        "mostly ranges that hide the user, by changing exits",
        "always ranges that hide the user, by changing exits",
        "never once but by ranges that hide the user",
        "more short-lived ways in, or networks, than a person meets",
        "ways in, or countries, as only residential proxies have them",
    ),
    "presence": (
        "no address of here",
        "here for a stay",
        "here between other places",
        "here steadily",
        "addresses of another unsupported place",
    ),
    "moves": (
        "hardly leaves its country",
        "changes its country now and then",
        "changes its country every other day or oftener",
    ),
    "signup": ("here", "another unsupported place", "a supported place", "a range that hides the user"),
    "payment": (
        "here",
        "another unsupported place",
        "a supported place",
        "prepaid or virtual, of a supported place",
    ),
    "phone": (
        "here",
        "another unsupported place",
        "a supported place",
        "a virtual or prepaid line of a supported place",
    ),
    "clock": (
        "the day of where it calls from",
        "no side",
        "the day here, but as well of the place declared",
        "rather the day here",
        "the day here",
    ),
    "language": (
        "spoken less here than elsewhere",
        "no side",
        "spoken more here than elsewhere",
    ),
    "coherence": (
        "one supported country named",
        "two supported countries named",
        "three supported countries named",
        "four or more supported countries named",
    ),
}
"""The signals and what each can say about one unsupported place. `coherence` counts the supported countries that records
and the main address name between them."""

ORDERS: Mapping[str, tuple[tuple[int, int], ...]] = {
    "declared": ((2, 1),),
    "address": ((7, 8), (3, 7), (1, 3), (5, 6), (4, 5), (2, 4), (1, 2), (0, 1)),
    "presence": ((1, 2), (1, 3)),
    "moves": ((1, 2), (0, 1)),
    "signup": ((2, 3),),
    "payment": ((2, 3),),
    "phone": ((2, 3),),
    "clock": ((3, 4), (2, 3), (1, 2), (0, 1)),
    "coherence": ((2, 3), (1, 2), (0, 1)),
}
"""Findings (first) that less knowledge turns others (second) into: without address ranges a hidden user is in a
supported place. The first is never held to be more suspicious than the second."""


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """One way to be: its share among the innocent, or among the others, and how often each finding is met in it."""

    name: str
    share: float
    declared: tuple[float, ...]
    address: tuple[float, ...]
    presence: tuple[float, ...]
    moves: tuple[float, ...]
    signup: tuple[float, ...]
    payment: tuple[float, ...]
    phone: tuple[float, ...]
    clock: tuple[float, ...]
    language: tuple[float, ...]
    coherence: tuple[float, ...]


_r = msgspec.structs.replace

# People who live where the service is offered. What they name is nearly always a supported place; 1 in 14 pays by a
# prepaid or virtual card (published shares of several countries lie between 2 and 8 %); 1 in 20 keeps hours that fit
# another continent better.
RESIDENT = Situation(
    name="resident",
    share=0.69,
    declared=(CHANCE, ELSEWHERE, 1 - CHANCE),
    address=(0.7, 0.26, 0.02, 0.015, 0.01, 0.0015, 0.0005, 0.0002, 2e-06),
    presence=(0.985, 10 * CHANCE, 3 * CHANCE, CHANCE, 0.012),
    moves=(0.93, 0.055, 0.015),
    signup=(2 * CHANCE, 0.005, 0.985, 0.01),
    payment=(2 * CHANCE, 0.003, 0.927, 0.07),
    phone=(2 * CHANCE, 0.003, 0.937, 0.06),
    clock=(0.56, 0.34, 0.02, 0.05, 0.03),
    language=(0.5, 0.38, 0.12),
    coherence=(0.915, 0.08, 0.004, 0.0003),
)
# A private network for a good part of the time; 1 in 8 of its users has it always on.
VEILED = _r(
    RESIDENT,
    name="behind a private network",
    share=0.08,
    address=(0.4, 0.23, 0.05, 0.03, 0.22, 0.045, 0.015, 0.0004, 1e-05),
    presence=(0.965, 40 * CHANCE, 40 * CHANCE, CHANCE, 0.03),
    moves=(0.12, 0.25, 0.63),
    signup=(2 * CHANCE, 0.005, 0.50, 0.495),
    clock=(0.49, 0.34, 0.07, 0.06, 0.04),
    coherence=(0.72, 0.24, 0.035, 0.002),
)
# Staff of a company elsewhere, through its network, which has few exits: the clock is that of what is declared.
REMOTE = _r(
    RESIDENT,
    name="remote worker",
    share=0.03,
    address=(0.3, 0.15, 0.5, 0.01, 0.02, 0.006, 0.002, 0.0004, 2e-06),
    presence=(0.96, 20 * CHANCE, 20 * CHANCE, 5 * CHANCE, 0.03),
    moves=(0.45, 0.35, 0.20),
    signup=(2 * CHANCE, 0.005, 0.85, 0.145),
    clock=(0.3, 0.3, 0.22, 0.1, 0.08),
    coherence=(0.35, 0.48, 0.16, 0.006),
)
TRAVELLER = _r(
    RESIDENT,
    name="traveller",
    share=0.06,
    address=(0.5, 0.28, 0.02, 0.15, 0.04, 0.005, 0.001, 0.005, 1e-05),
    presence=(0.90, 50 * CHANCE, 15 * CHANCE, 5 * CHANCE, 0.08),
    moves=(0.45, 0.35, 0.20),
    signup=(20 * CHANCE, 0.02, 0.965, 0.015),
    clock=(0.45, 0.35, 0.07, 0.08, 0.05),
    coherence=(0.65, 0.30, 0.045, 0.002),
)
# The same on a stay here: the clock is that of here while it lasts.
VISITOR = _r(
    TRAVELLER,
    name="traveller on a stay here",
    share=0.06 * CROSSING,
    address=(0.4, 0.34, 0.02, 0.18, 0.04, 0.005, 0.001, 0.005, 1e-05),
    presence=(0.02, 0.84, 0.10, 0.03, 0.01),
    signup=(0.08, 0.01, 0.89, 0.02),
    payment=(0.005, 0.003, 0.922, 0.07),
    phone=(0.02, 0.003, 0.897, 0.08),
    clock=(0.25, 0.4, 0.15, 0.1, 0.1),
)
# Expatriates and students: a card, telephone or language of the country they come from, and a steady presence where
# they live, with visits home.
EXPATRIATE = _r(
    RESIDENT,
    name="expatriate",
    share=0.05,
    address=(0.6, 0.28, 0.02, 0.06, 0.04, 0.005, 0.001, 0.002, 4e-06),
    presence=(0.955, 20 * CHANCE, 10 * CHANCE, CHANCE, 0.04),
    moves=(0.78, 0.15, 0.07),
    signup=(10 * CHANCE, 0.03, 0.95, 0.02),
    payment=(10 * CHANCE, 0.06, 0.87, 0.07),
    phone=(10 * CHANCE, 0.10, 0.82, 0.08),
    coherence=(0.40, 0.53, 0.065, 0.002),
)
VEILED_EXPATRIATE = _r(
    VEILED,
    name="expatriate or traveller behind a private network",
    share=0.015,
    payment=(10 * CHANCE, 0.05, 0.88, 0.07),
    phone=(10 * CHANCE, 0.08, 0.84, 0.08),
    coherence=(0.36, 0.52, 0.11, 0.006),
)
EXPATRIATE_FROM_HERE = _r(
    EXPATRIATE,
    name="expatriate from here",
    share=0.05 * CROSSING,
    declared=(0.03, ELSEWHERE, 1 - 0.03),
    presence=(0.75, 0.14, 0.08, 0.02, 0.01),
    signup=(0.17, 0.01, 0.80, 0.02),
    payment=(0.35, 0.005, 0.585, 0.06),
    phone=(0.40, 0.005, 0.515, 0.08),
    clock=(0.5, 0.34, 0.04, 0.07, 0.05),
    language=(0.2, 0.2, 0.6),
    coherence=(0.58, 0.38, 0.035, 0.001),
)
# One in five of them uses a private network, and one in twenty keeps the hours of those at home.
VEILED_FROM_HERE = _r(
    EXPATRIATE_FROM_HERE,
    name="expatriate from here, behind a private network",
    share=0.01 * CROSSING,
    address=(0.4, 0.23, 0.05, 0.03, 0.22, 0.045, 0.015, 0.0004, 1e-05),
    presence=(0.75, 0.06, 0.16, 0.02, 0.01),
    moves=(0.12, 0.25, 0.63),
    signup=(0.12, 0.01, 0.40, 0.47),
)
NIGHT_FROM_HERE = _r(
    EXPATRIATE_FROM_HERE,
    name="expatriate from here, at the hours of here",
    share=0.0025 * CROSSING,
    clock=(0.1, 0.2, 0.1, 0.25, 0.35),
)
MACHINE = _r(
    RESIDENT,
    name="a program at any hour",
    share=0.05,
    address=(0.45, 0.2, 0.3, 0.005, 0.02, 0.007, 0.003, 0.0003, 2e-06),
    presence=(0.985, 2 * CHANCE, 2 * CHANCE, 2 * CHANCE, 0.012),
    moves=(0.88, 0.07, 0.05),
    signup=(2 * CHANCE, 0.005, 0.90, 0.095),
    clock=(0.07, 0.88, 0.01, 0.03, 0.01),
    coherence=(0.75, 0.22, 0.025, 0.002),
)
ROAMER = _r(
    TRAVELLER,
    name="on the road, by many networks",
    share=0.01,
    address=(0.22, 0.22, 0.02, 0.4, 0.03, 0.004, 0.001, 0.09, 5e-05),
    presence=(0.92, 50 * CHANCE, 40 * CHANCE, CHANCE, 0.07),
    moves=(0.35, 0.30, 0.35),
)
# What the list forgets: records in disorder, in which nothing means much.
DISORDER = Situation(
    name="records in disorder",
    share=0.002,
    declared=(0.01, ELSEWHERE, 1 - 0.01),
    address=(0.35, 0.35, 0.15, 0.09, 0.08, 0.015, 0.005, 0.006, 0.0002),
    presence=(0.70, 0.02, 0.01, 0.005, 0.25),
    moves=(0.45, 0.25, 0.30),
    signup=(0.01, 0.15, 0.59, 0.25),
    payment=(0.01, 0.15, 0.59, 0.25),
    phone=(0.01, 0.15, 0.59, 0.25),
    clock=(0.35, 0.25, 0.1, 0.15, 0.15),
    language=(0.3, 0.25, 0.45),
    coherence=(0.40, 0.30, 0.20, 0.10),
)
INNOCENT = (
    RESIDENT,
    VEILED,
    REMOTE,
    TRAVELLER,
    VISITOR,
    EXPATRIATE,
    VEILED_EXPATRIATE,
    EXPATRIATE_FROM_HERE,
    VEILED_FROM_HERE,
    NIGHT_FROM_HERE,
    MACHINE,
    ROAMER,
    DISORDER,
)

# Use from an unsupported place. Nothing is hidden, since nothing was known or nobody minded; a bought card or number
# is needed all the same where none of the place is taken.
OPEN = Situation(
    name="openly from here",
    share=0.15,
    declared=(0.40, ELSEWHERE, 1 - 0.40),
    address=(0.03, 0.77, 0.04, 0.06, 0.04, 0.02, 0.01, 0.02, 0.01),
    presence=(0.02, 0.15, 0.05, 0.77, 0.01),
    moves=(0.80, 0.13, 0.07),
    signup=(0.65, 0.01, 0.24, 0.10),
    payment=(0.50, 0.02, 0.28, 0.20),
    phone=(0.70, 0.005, 0.195, 0.10),
    clock=(0.09, 0.87, 0.01, 0.02, 0.01),  # the address is here, so the hours fit it
    language=(0.1, 0.2, 0.7),
    coherence=(0.60, 0.30, 0.07, 0.03),
)
# By a private network that is always on but for slips; the telephone is often still the own one.
BEHIND = Situation(
    name="from here behind a private network",
    share=0.35,
    declared=(0.10, ELSEWHERE, 1 - 0.10),
    address=(0.02, 0.03, 0.03, 0.03, 0.2, 0.32, 0.36, 0.01, 0.01),
    presence=(0.42, 0.10, 0.44, 0.03, 0.01),
    moves=(0.06, 0.16, 0.78),
    signup=(0.15, 0.02, 0.27, 0.56),
    payment=(0.28, 0.02, 0.33, 0.37),
    phone=(0.40, 0.03, 0.22, 0.35),
    clock=(0.2, 0.36, 0.06, 0.2, 0.18),
    language=(0.25, 0.25, 0.5),
    coherence=(0.32, 0.42, 0.19, 0.07),
)
# With bought identities: residential proxies, cards and numbers of other countries.
DISGUISED = Situation(
    name="from here with bought identities",
    share=0.35,
    declared=(0.01, ELSEWHERE, 1 - 0.01),
    address=(0.04, 0.03, 0.02, 0.05, 0.03, 0.02, 0.02, 0.2, 0.59),
    presence=(0.76, 0.05, 0.17, 0.01, 0.01),
    moves=(0.45, 0.12, 0.43),
    signup=(0.04, 0.01, 0.60, 0.35),
    payment=(0.03, 0.02, 0.50, 0.45),
    phone=(0.06, 0.04, 0.30, 0.60),
    clock=(0.2, 0.38, 0.05, 0.19, 0.18),
    language=(0.38, 0.27, 0.35),
    coherence=(0.18, 0.42, 0.29, 0.11),
)
# Relayed by machines in hosting, often round the clock.
RELAYED = _r(
    DISGUISED,
    name="relayed for here by hosted machines",
    share=0.15,
    address=(0.03, 0.05, 0.12, 0.03, 0.14, 0.25, 0.36, 0.01, 0.01),
    presence=(0.80, 0.05, 0.13, 0.01, 0.01),
    moves=(0.70, 0.12, 0.18),
    signup=(0.04, 0.02, 0.40, 0.54),
    clock=(0.22, 0.49, 0.04, 0.14, 0.11),
)
UNSUPPORTED = (OPEN, BEHIND, DISGUISED, RELAYED)


def shares_of(situation: Situation, signal: str) -> np.ndarray:
    """How often each finding of a signal is met in a situation."""
    shares = np.array(getattr(situation, signal))
    out: np.ndarray = shares / shares.sum()
    return out
