"""How models are spoken to: one file each, found by walking this folder.

A file has `path(base)`, `headers(key)`, `body(model, question, limit)`, `otherwise(body, error)`, the body as another model
of the protocol wants it or None, and `heard(data)`, which reads an answer or raises Unusable.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from types import ModuleType


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: rules first, which are ours, then the task with the code as data."""

    rules: str
    task: str


class Turn(msgspec.Struct, frozen=True):
    """One message of a conversation, as both protocols write it."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Heard:
    """The text of an answer, and the tokens it says that question and answer took."""

    text: str
    tokens: int


class Unusable(Exception):
    """An answer that holds nothing to go by; the message says why, in our words."""


@cache
def catalogue() -> dict[str, ModuleType]:
    """Every protocol in this folder by its name."""
    return {module.name: import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)}


def beneath(base: str, last: str) -> str:
    """The path of an address; `/v1` stands before its last part, also where the base does not say it."""
    return f"{base}{last}" if base else f"/v1{last}"
