"""Ids that somebody without the key makes up, in several ways, and whether one is taken for ours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from stillwatch.marks.ids.api import AUTHENTIC, FORMS, Minter, mint_column, verify_column
from stillwatch.marks.ids.forms import ALPHABET, LAST, Form
from stillwatch.marks.ids.keyring import made

ROWS = 200_000  # made at a time
PREFIX = "call_"
Make = Callable[[np.random.Generator, np.ndarray, Form], np.ndarray]
_SIGNS = np.frombuffer(ALPHABET, np.uint8)


@dataclass(frozen=True)
class Tried:
    """Ids of one kind of forgery."""

    name: str
    tried: int
    accepted: int
    outcomes: dict[str, int]


def forged(minter: Minter, many: int, seed: int) -> list[Tried]:
    """Try `many` ids in all, as many of each kind."""
    kinds = list(_kinds())
    return [
        _tried(minter, name, make, many // len(kinds), seed + place)
        for place, (name, make) in enumerate(kinds)
    ]


def _tried(minter: Minter, name: str, make: Make, many: int, seed: int) -> Tried:
    rng = np.random.default_rng(seed)
    form = FORMS[PREFIX]
    counts: dict[str, int] = {}
    for start in range(0, many, ROWS):
        rows = min(ROWS, many - start)
        genuine = _text(mint_column(minter, PREFIX, pa.array([f"a{n % 997}" for n in range(rows)])))
        ids = make(rng, genuine, form)
        for outcome in verify_column(minter, _column(ids)).column("outcome").value_counts().to_pylist():
            counts[outcome["values"]] = counts.get(outcome["values"], 0) + outcome["counts"]
    accepted = sum(number for outcome, number in counts.items() if outcome in AUTHENTIC)
    return Tried(name, many, accepted, counts)


def _kinds() -> Iterator[tuple[str, Make]]:
    yield "random signs, number of the key known", _random
    yield "one sign of a genuine id changed", _changed
    yield "halves of two genuine ids", _spliced
    yield "minted with other keys of the same number", _other_keys


def _random(rng: np.random.Generator, genuine: np.ndarray, form: Form) -> np.ndarray:
    out = genuine.copy()
    first = len(PREFIX) + 2  # behind the number of the key
    out[:, first:] = _SIGNS[rng.integers(64, size=(len(out), out.shape[1] - first))]
    return _ended(rng, out, form)


def _changed(rng: np.random.Generator, genuine: np.ndarray, form: Form) -> np.ndarray:
    out = genuine.copy()
    rows = np.arange(len(out))
    place = rng.integers(len(PREFIX) + 2, out.shape[1] - 1, size=len(out))
    old = np.searchsorted(np.sort(_SIGNS), out[rows, place])
    out[rows, place] = np.sort(_SIGNS)[(old + rng.integers(1, 64, size=len(out))) % 64]
    del form
    return out


def _spliced(rng: np.random.Generator, genuine: np.ndarray, form: Form) -> np.ndarray:
    out = genuine.copy()
    half = len(PREFIX) + form.signs // 2
    out[:, half:] = np.roll(genuine, 1 + int(rng.integers(len(genuine) - 1)), axis=0)[:, half:]
    return out


def _other_keys(rng: np.random.Generator, genuine: np.ndarray, form: Form) -> np.ndarray:
    del rng, form
    return _text(mint_column(Minter(made()), PREFIX, pa.array([f"a{n % 997}" for n in range(len(genuine))])))


def _ended(rng: np.random.Generator, text: np.ndarray, form: Form) -> np.ndarray:
    """Last signs whose spare bits are zero: an id without is thrown out by its form already."""
    ends = np.array([ord(sign) for sign in sorted(LAST[form.signs])], np.uint8)
    text[:, -1] = ends[rng.integers(len(ends), size=len(text))]
    return text


def _text(ids: pa.Array) -> np.ndarray:
    return np.frombuffer(ids.buffers()[2], np.uint8).reshape(len(ids), -1)


def _column(text: np.ndarray) -> pa.Array:
    offsets = np.arange(len(text) + 1, dtype=np.int32) * text.shape[1]
    return pa.Array.from_buffers(pa.string(), len(text), [None, pa.py_buffer(offsets), pa.py_buffer(text)])
