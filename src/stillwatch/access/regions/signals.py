"""What the judge asks of an account, and what each answer is called, from the least suspicious to the most.

A signal is of the account, or of one unsupported place, *here*. Its findings are in order: a later one never lowers a
probability. What is not known counts as the first, which is best for the account.
"""

from collections.abc import Mapping

ABOUT_ACCOUNT: Mapping[str, tuple[str, ...]] = {
    "hiding": (
        "hardly by ranges that hide the user",
        "a fifth by ranges that hide the user",
        "half by ranges that hide the user",
        "mostly by ranges that hide the user",
        "nearly always by ranges that hide the user",
        "always by ranges that hide the user",
        "never once but by ranges that hide the user",
    ),
    "exits": (
        "hidden by one exit or two",
        "hidden by three exits or more",
        "hidden by five exits or more",
        "hidden by eight exits or more",
        "hidden by twelve exits or more",
        "hidden by eighteen exits or more",
    ),
    "ways": (
        "few ways in for its hours",
        "another way in for two hours in five",
        "another way in for three hours in five",
        "another way in for four hours in five",
        "another way in for every hour",
        "several ways in for every hour",
    ),
    "reuse": (
        "comes back by the ways in that it had",
        "a way in lasts three days",
        "a way in lasts two days",
        "a way in lasts a day and a half",
        "hardly a way in is used again",
        "no way in is used again",
    ),
    "operators": (
        "as many networks as its countries explain",
        "a network more than its countries explain",
        "three networks more than its countries explain",
        "five networks more than its countries explain",
        "eight networks more than its countries explain",
        "twelve networks more than its countries explain",
    ),
    "countries": (
        "calls from one country",
        "calls from two countries",
        "calls from three countries",
        "calls from four countries or five",
        "calls from six countries to eight",
        "calls from nine countries or more",
    ),
    "home": (
        "a network of its own in a supported place, day after day",
        "a network of its own in a supported place, every third day",
        "a network of its own in a supported place, every fifth day",
        "a network of its own in a supported place now and then",
        "a network of its own in a supported place, hardly ever",
        "no network of its own in a supported place",
    ),
    "moves": (
        "hardly leaves its country",
        "changes its country once in a fortnight",
        "changes its country once in a week",
        "changes its country every third day",
        "changes its country nearly every day",
    ),
    "payment kind": ("a card of a bank", "prepaid or virtual, of a supported place"),
    "phone kind": ("an ordinary line", "a virtual or prepaid line of a supported place"),
    "signup address": ("an open address", "a range that hides the user"),
    "coherence": (
        "one supported country named",
        "two supported countries named",
        "three supported countries named",
        "four or more supported countries named",
    ),
    "payment agrees": (
        "with all that is named besides",
        "not with one that is named besides",
        "not with two that are named besides",
        "not with three that are named besides",
        "with none of four that are named besides",
    ),
    "phone agrees": (
        "with all that is named besides",
        "not with one that is named besides",
        "not with two that are named besides",
        "not with three that are named besides",
        "with none of four that are named besides",
    ),
}
"""`coherence` counts the supported countries that records and the main address name between them."""

ABOUT_PLACE: Mapping[str, tuple[str, ...]] = {
    "declared": ("not here", "here"),
    "signup": ("not here", "here"),
    "payment": ("not here", "here"),
    "phone": ("not here", "here"),
    "presence": ("no address of here", "here for a stay", "here between other places", "here steadily"),
    "clock": (
        "the day of where it calls from",
        "no side",
        "the day here, but as well of the place declared",
        "rather the day here",
        "the day here",
    ),
    "language": ("spoken less here than elsewhere", "no side", "spoken more here than elsewhere"),
}

FINDINGS: Mapping[str, tuple[str, ...]] = {**ABOUT_PLACE, **ABOUT_ACCOUNT}
SIGNALS = tuple(FINDINGS)
OF_PLACES = len(ABOUT_PLACE)  # the first so many of SIGNALS
