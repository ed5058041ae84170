"""Minting and verifying whole columns: the same ids as one at a time, without a Python loop over those that hold."""

import time
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterator

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.marks.ids.cipher import BlockCipher
from stillwatch.marks.ids.forms import ALPHABET, FORMS, ORGANISATION_BITS, Form
from stillwatch.marks.ids.minting import (
    AUTHENTIC,
    OUTCOMES,
    SKEW,
    Minted,
    Minter,
    Outcome,
    misfit,
)

ROWS = 1 << 15  # verified at a time: their blocks then stay in the processor's cache
OUTCOME_CODE = {outcome: code for code, outcome in enumerate(OUTCOMES)}
VERIFIED = pa.schema(
    [
        ("outcome", pa.string()),
        ("account", pa.uint64()),  # null where the outcome is not authentic, as all below
        ("organisation", pa.uint32()),
        ("at", pa.int64()),  # seconds since 1970
        ("key", pa.uint8()),
        ("minted_as", pa.string()),
    ]
)
_PREFIXES = pa.array(FORMS)
_LAYOUT = np.dtype([("account", ">u8"), ("organisation", "u1", 3), ("at", ">u4"), ("counter", ">u2")])
_SIGNS = np.frombuffer(ALPHABET, np.uint8)
_STANDARD = np.full(256, ord("!"), np.uint8)
_STANDARD[_SIGNS] = np.frombuffer(ALPHABET.replace(b"-", b"+").replace(b"_", b"/"), np.uint8)
_URL = np.arange(256, dtype=np.uint8)
_URL[[ord("+"), ord("/")]] = [ord("-"), ord("_")]


class _Found(msgspec.Struct):
    """What is known of each row so far, as arrays."""

    outcome: np.ndarray  # codes of OUTCOMES
    account: np.ndarray
    organisation: np.ndarray
    at: np.ndarray
    key: np.ndarray
    minted_as: np.ndarray  # places in FORMS

    @classmethod
    def nothing(cls, rows: int) -> "_Found":
        return cls(
            np.full(rows, OUTCOME_CODE["forged"], np.uint8),
            np.zeros(rows, np.uint64),
            np.zeros(rows, np.uint32),
            np.zeros(rows, np.int64),
            np.zeros(rows, np.uint8),
            np.zeros(rows, np.uint8),
        )


def mint_column(
    minter: Minter,
    prefix: str,
    accounts: pa.Array,
    organisations: pa.Array | None = None,
    *,
    at: float | np.ndarray | None = None,
) -> pa.Array:
    """An id for each account: a column of strings. `at` is one time or one a row, in seconds since 1970."""
    form = FORMS[prefix]
    many = len(accounts)
    rows = np.zeros((many, 2 * form.half), np.uint8)
    content = rows[:, : _LAYOUT.itemsize].view(_LAYOUT)[:, 0]
    content["account"] = _by_name(accounts, minter.account)
    if organisations is not None:
        handles = _by_name(organisations, minter.organisation) >> np.uint64(64 - ORGANISATION_BITS)
        content["organisation"] = handles.astype(">u4").view(np.uint8).reshape(many, 4)[:, 1:]
    content["at"] = np.asarray(time.time() if at is None else at).astype(np.int64)
    content["counter"] = np.fromiter(minter.counters(many), np.uint16, many)
    blocks = minter.ciphers[minter.number].encipher_rows(rows, form)
    raw = np.zeros((many, -(-(2 * form.half + 1) // 3) * 3), np.uint8)
    raw[:, 0] = minter.number
    raw[:, 1 : 2 * form.half + 1] = blocks
    signs = np.frombuffer(b2a_base64(raw.tobytes(), newline=False), np.uint8)
    head = np.frombuffer(prefix.encode(), np.uint8)
    text = np.empty((many, len(head) + form.signs), np.uint8)
    text[:, : len(head)] = head
    text[:, len(head) :] = _URL[signs.reshape(many, raw.shape[1] // 3 * 4)[:, : form.signs]]
    offsets = np.arange(many + 1, dtype=np.int32) * text.shape[1]
    return pa.Array.from_buffers(pa.string(), many, [None, pa.py_buffer(offsets), pa.py_buffer(text)])


def verify_column(minter: Minter, ids: pa.Array, *, now: float | None = None) -> pa.RecordBatch:
    """What each id says (schema VERIFIED); a null is an id of no form."""
    moment = time.time() if now is None else now
    parts = [_verified(minter, ids.slice(start, ROWS), moment) for start in range(0, len(ids), ROWS)]
    return pa.concat_batches(parts) if parts else pa.RecordBatch.from_pylist([], schema=VERIFIED)


def _verified(minter: Minter, ids: pa.Array, now: float) -> pa.RecordBatch:
    ids = pc.fill_null(ids, "").cast(pa.string())
    found = _Found.nothing(len(ids))
    fits = np.zeros(len(ids), bool)
    for form in FORMS.values():
        rows = _rows_of(form, ids)
        fits[rows] = True
        if len(rows):
            _read(minter, form, ids.take(pa.array(rows)), rows, found, now)
    for row in np.flatnonzero(~fits).tolist():
        found.outcome[row] = OUTCOME_CODE[misfit(ids[row].as_py())]
    for code, number in enumerate(np.bincount(found.outcome, minlength=len(OUTCOMES)).tolist()):
        if number:
            minter.counts[OUTCOMES[code]] += number
    return _batch(found)


def _rows_of(form: Form, ids: pa.Array) -> np.ndarray:
    length = pc.equal(pc.binary_length(ids), len(form.prefix) + form.signs)
    alike = pc.and_(length, pc.starts_with(ids, form.prefix))
    out: np.ndarray = np.flatnonzero(alike.to_numpy(zero_copy_only=False))
    return out


def _read(minter: Minter, form: Form, ids: pa.Array, rows: np.ndarray, found: _Found, now: float) -> None:
    raw, whole = _decoded(ids, form)
    for row, text in zip(rows[~whole].tolist(), ids.filter(pa.array(~whole)).to_pylist(), strict=True):
        found.outcome[row] = OUTCOME_CODE[misfit(text)]
    raw, rows = raw[whole], rows[whole]
    for number in np.flatnonzero(np.bincount(raw[:, 0], minlength=1)).tolist():
        mine = np.flatnonzero(raw[:, 0] == number)
        cipher = minter.ciphers.get(number)
        if cipher is None:
            why: Outcome = "retired_key" if number in minter.retired else "unknown_key"
            found.outcome[rows[mine]] = OUTCOME_CODE[why]
            continue
        found.key[rows[mine]] = number
        blocks = raw[mine, 1 : 2 * form.half + 1]
        left = _fill(minter, cipher, (form, form), blocks, rows[mine], found, now)
        for other in _alike(form):
            left = left[_fill(minter, cipher, (form, other), blocks[left], rows[mine][left], found, now)]
        for cipher_elsewhere in minter.others[number]:
            _, theirs = _opened(cipher_elsewhere, form, blocks[left])
            found.outcome[rows[mine][left[theirs]]] = OUTCOME_CODE["other_tenant"]


def _fill(
    minter: Minter,
    cipher: BlockCipher,
    forms: tuple[Form, Form],
    blocks: np.ndarray,
    rows: np.ndarray,
    found: _Found,
    now: float,
) -> np.ndarray:
    """Note what blocks say that were minted as the second form; places of those that say nothing."""
    shown, minted_as = forms
    content, holds = _opened(cipher, minted_as, blocks)
    there, content = rows[holds], content[holds]
    at = content["at"].astype(np.int64)
    outcome = np.full(len(at), OUTCOME_CODE["valid" if shown is minted_as else "swapped_prefix"], np.uint8)
    outcome[at < now - minter.max_age] = OUTCOME_CODE["expired"]
    outcome[at > now + SKEW] = OUTCOME_CODE["not_yet"]
    organisation = content["organisation"].astype(np.uint32)
    found.outcome[there] = outcome
    found.account[there] = content["account"]
    found.organisation[there] = organisation[:, 0] << 16 | organisation[:, 1] << 8 | organisation[:, 2]
    found.at[there] = at
    found.minted_as[there] = list(FORMS).index(minted_as.prefix)
    out: np.ndarray = np.flatnonzero(~holds)
    return out


def _opened(cipher: BlockCipher, form: Form, blocks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What blocks hold, and which of them were made with this key for this form."""
    plain = cipher.decipher_rows(blocks, form)
    size = _LAYOUT.itemsize
    content = np.ascontiguousarray(plain[:, :size]).view(_LAYOUT)[:, 0]
    holds: np.ndarray = (plain[:, size:] == 0).all(axis=1)
    return content, holds


def _decoded(ids: pa.Array, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """Bytes of ids of one length, and which of them are written as ids are."""
    many, length = len(ids), len(form.prefix) + form.signs
    _, _, data = ids.buffers()
    text = np.frombuffer(data, np.uint8)[: many * length].reshape(many, length)[:, len(form.prefix) :]
    signs = np.full((many, -(-form.signs // 4) * 4), ord("A"), np.uint8)
    signs[:, : form.signs] = _STANDARD[text]
    whole = (signs != ord("!")).all(axis=1)
    signs[~whole] = ord("A")
    raw = np.frombuffer(a2b_base64(signs.tobytes()), np.uint8).reshape(many, signs.shape[1] // 4 * 3)
    return raw, whole & ~raw[:, 2 * form.half + 1 :].any(axis=1)


def _by_name(names: pa.Array, handle: object) -> np.ndarray:
    """The handle of each name, reckoned once for each distinct one."""
    assert callable(handle)
    encoded = names.dictionary_encode()
    table = np.array([*(handle(name) for name in encoded.dictionary.to_pylist()), 0], np.uint64)
    out: np.ndarray = table[pc.fill_null(encoded.indices, len(table) - 1).to_numpy(zero_copy_only=False)]
    return out


def _alike(form: Form) -> Iterator[Form]:
    return (other for other in FORMS.values() if other.half == form.half and other is not form)


def _batch(found: _Found) -> pa.RecordBatch:
    authentic = np.isin(found.outcome, [OUTCOME_CODE[outcome] for outcome in AUTHENTIC])
    hidden = ~authentic
    columns = [
        pa.array(OUTCOMES).take(pa.array(found.outcome)),
        *(
            pa.array(values, mask=hidden)
            for values in (found.account, found.organisation, found.at, found.key)
        ),
        pc.if_else(
            pa.array(authentic), _PREFIXES.take(pa.array(found.minted_as)), pa.scalar(None, pa.string())
        ),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=VERIFIED)


def row_of(verified: pa.RecordBatch, row: int) -> Minted:
    """One row as `Minter.verify` gives it."""
    return Minted(*(column[row].as_py() for column in verified.columns))
