"""What people state in a brief: who benefits, who provides the accounts, and what is asked. Nothing of it is inferred.

A TOML file:

    contact = "abuse@example.com"

    [[beneficiary]]
    name = "…"
    likelihood = "likely"          # words of ICD-203
    confidence = "moderate"        # low, moderate or high
    basis = "…"                    # what it rests on
    by = "…"                       # who says so
    on = 2026-03-20
    marking = "red"                # who may read it: clear, green, amber or red; red if not said

    [[provider]]                   # as a beneficiary: who sells or runs the accounts

    [[ask]]
    text = "…"
    marking = "amber"              # amber if not said
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from stillwatch.records import InvalidConfiguration
from stillwatch.sharing.brief.audience import Marking
from stillwatch.sharing.brief.reference import likelihoods


class Assessment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's judgement of who somebody is, with what it rests on."""

    name: str
    likelihood: str
    confidence: Literal["low", "moderate", "high"]
    basis: str
    by: str
    on: date
    marking: Marking = "red"


class Ask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something the reader is asked to do."""

    text: str
    marking: Marking = "amber"


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that people state."""

    beneficiary: list[Assessment] = []
    provider: list[Assessment] = []
    ask: list[Ask] = []
    contact: str | None = None


def read_statement(path: Path) -> Statement:
    """A statement from its file. Raises InvalidConfiguration with what is wrong."""
    try:
        with path.open("rb") as file:
            statement = msgspec.convert(tomllib.load(file), Statement)
    except OSError as error:
        raise InvalidConfiguration(f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:  # not TOML, not UTF-8, or not of this form
        raise InvalidConfiguration(f"{path}: {error}") from error
    for one in [*statement.beneficiary, *statement.provider]:
        _check(one, path)
    return statement


def _check(one: Assessment, path: Path) -> None:
    if one.likelihood not in likelihoods():
        words = ", ".join(likelihoods())
        raise InvalidConfiguration(f"{path}: likelihood {one.likelihood!r} is none of {words}")
    if blank := [part for part in ("name", "basis", "by") if not getattr(one, part).strip()]:
        raise InvalidConfiguration(
            f"{path}: an assessment needs its {blank[0]}: who says what on what ground"
        )
