"""From exchanges to sketches: the fixed-size, keyed record that everything after this step works on.

No text leaves this step. What does: keyed hashes of identifiers and template fragments, a content
vector, capability shares, counts and times. A field the source lacks is 0 in a hash column, null or -1
in a count, and absent in `present`, so later steps can say what they could not see.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.features.capability import read
from stillwatch.features.content import DIMENSIONS, items, vectors
from stillwatch.features.fragments import FRAGMENTS, fragments
from stillwatch.features.key import SketchKey
from stillwatch.features.strings import keyed, keyed_lists, keyed_numbers, network_of
from stillwatch.features.words import words_of
from stillwatch.records import CAPABILITIES, EXCHANGES, TIME

SLICE = 1024  # exchanges sketched at a time: their word arrays then stay in the processor's cache
BYTE = 255.0  # uint8 that stands for 1.0

_HASH = pa.uint64()
SKETCHES = pa.schema(
    [
        ("exchange_id", pa.string()),
        ("ts", TIME),
        ("account_id", pa.string()),
        ("present", pa.uint64()),  # bit i: field i of the exchange record is there
        ("id", _HASH),
        ("api_key", _HASH),
        ("end_user", _HASH),
        ("session", _HASH),
        ("conversation", _HASH),
        ("pathway", pa.string()),
        ("model", pa.string()),
        ("system", _HASH),  # the whole system prompt, figures masked
        ("fragments", pa.list_(_HASH, FRAGMENTS)),
        ("item", _HASH),  # the whole user turn
        ("vector", pa.list_(pa.int8(), DIMENSIONS)),
        ("words", pa.int32()),
        ("capability", pa.list_(pa.uint8(), len(CAPABILITIES))),
        ("task", pa.list_(pa.uint8(), len(CAPABILITIES))),  # capability, demands for reasoning left aside
        ("elicitation", pa.uint8()),
        ("grading", pa.uint8()),
        ("tools", _HASH),
        ("settings", _HASH),
        ("turns", pa.int32()),
        ("tool_results", pa.int32()),
        ("tokens_in", pa.int64()),
        ("tokens_out", pa.int64()),
        ("status", pa.int16()),
        ("address", _HASH),
        ("prefix", _HASH),  # IPv4 /24 or IPv6 /48
        ("asn", pa.int64()),
        ("country", pa.string()),
        ("agent", _HASH),  # user agent, figures masked
        ("ja4", _HASH),
        ("language", _HASH),
        ("replayed", pa.list_(_HASH)),
        ("handle", _HASH),  # what minted ids call the account
        ("continued_id", _HASH),  # that was minted for somebody else
        ("continued", _HASH),  # what minted ids call somebody else
        ("continued_at", pa.int64()),  # microseconds
        ("snippet", pa.string()),
        ("place", pa.string()),  # these three are null unless the run is told of regions, which fill them in
        ("listed", pa.bool_()),
        ("tag", pa.string()),
    ]
)


def sketch(batch: pa.RecordBatch, key: SketchKey, *, keep_text: bool = False) -> pa.RecordBatch:
    """Sketch a batch of exchanges (schema EXCHANGES) into a batch of the same length (schema SKETCHES)."""
    parts = [
        _sketch(batch.slice(start, SLICE), key, keep_text=keep_text) for start in range(0, len(batch), SLICE)
    ]
    return pa.concat_batches(parts) if parts else pa.RecordBatch.from_pylist([], schema=SKETCHES)


def _sketch(batch: pa.RecordBatch, key: SketchKey, *, keep_text: bool) -> pa.RecordBatch:
    column = batch.column
    system = words_of(column("system"), key)
    prompt = words_of(column("prompt"), key)
    reading = read(batch, system, prompt, key)
    columns: dict[str, pa.Array | np.ndarray] = {
        "exchange_id": column("exchange_id"),
        "ts": column("ts"),
        "account_id": column("account_id"),
        "present": _present(batch),
        "id": keyed(column("exchange_id"), "exchange", key),
        "api_key": keyed(column("api_key_id"), "api key", key),
        "end_user": keyed(column("end_user_id"), "end user", key),
        "session": keyed(column("session_id"), "session", key),
        "conversation": keyed(column("conversation_id"), "conversation", key),
        "pathway": column("pathway"),
        "model": column("model"),
        "system": items(system, key),
        "fragments": _fixed(fragments(system, prompt, key), _HASH),
        "item": items(prompt, key),
        "vector": _fixed(vectors(prompt, key), pa.int8()),
        "words": prompt.counts.astype(np.int32),
        "capability": _fixed(_bytes(reading.capability), pa.uint8()),
        "task": _fixed(_bytes(reading.task), pa.uint8()),
        "elicitation": _bytes(reading.elicitation),
        "grading": _bytes(reading.grading),
        "tools": keyed_lists(column("tools"), "tool", key),
        "settings": keyed_numbers(
            [column(name) for name in ("max_tokens", "temperature", "n_choices", "logprobs", "stream")],
            "settings",
            key,
        ),
        "turns": _count(column("n_turns")),
        "tool_results": _count(column("n_tool_results")),
        "tokens_in": pc.fill_null(column("tokens_in"), 0),
        "tokens_out": pc.fill_null(column("tokens_out"), 0),
        "status": _count(column("http_status")).astype(np.int16),
        "address": keyed(column("client_ip"), "address", key),
        "prefix": keyed(network_of(column("client_ip")), "prefix", key),
        "asn": pc.fill_null(column("asn"), -1),
        "country": column("country"),
        "agent": keyed(pc.replace_substring_regex(column("user_agent"), r"[0-9]+", "0"), "agent", key),
        "ja4": keyed(column("ja4"), "ja4", key),
        "language": keyed(column("accept_language"), "language", key),
        "replayed": _replayed(column("replayed_ids"), key),
        "handle": keyed(column("account_handle"), "handle", key),
        "continued_id": keyed(column("continued_id"), "minted id", key),
        "continued": keyed(column("continued_handle"), "handle", key),
        "continued_at": pc.fill_null(column("continued_at").cast(pa.int64()), -1),
        "snippet": _snippet(column("prompt")) if keep_text else pa.nulls(len(batch), pa.string()),
        **{name: pa.nulls(len(batch), SKETCHES.field(name).type) for name in ("place", "listed", "tag")},
    }
    arrays = [pa.array(columns[field.name], field.type) for field in SKETCHES]
    return pa.RecordBatch.from_arrays(arrays, schema=SKETCHES)


def _present(batch: pa.RecordBatch) -> np.ndarray:
    out = np.zeros(len(batch), np.uint64)
    for bit, name in enumerate(EXCHANGES.names):
        valid = batch.column(name).is_valid().to_numpy(zero_copy_only=False)
        out |= valid.astype(np.uint64) << np.uint64(bit)
    return out


def _fixed(matrix: np.ndarray, kind: pa.DataType) -> pa.Array:
    return pa.FixedSizeListArray.from_arrays(pa.array(matrix.reshape(-1), kind), matrix.shape[1])


def _bytes(shares: np.ndarray) -> np.ndarray:
    return np.rint(shares * BYTE).astype(np.uint8)


def _count(column: pa.Array) -> np.ndarray:
    out: np.ndarray = np.minimum(pc.fill_null(column, -1).to_numpy(zero_copy_only=False), 2**15 - 1).astype(
        np.int32
    )
    return out


def _replayed(lists: pa.Array, key: SketchKey) -> pa.Array:
    hashes = keyed(pc.list_flatten(lists), "minted id", key)
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(hashes, _HASH))


_SECRETS = (
    r"(?i)[\w.+-]+@[\w-]+\.[\w.]+|(?:sk|pk|key|ghp|xox\w)[-_][\w-]{8,}|\b[\w/+=-]{32,}|\b\d[\d -]{6,}\d"
)
SNIPPET_CHARACTERS = 160


def _snippet(prompts: pa.Array) -> pa.Array:
    """The first characters of a prompt with mail addresses, keys, long tokens and long numbers struck out."""
    short = pc.utf8_slice_codeunits(prompts, 0, SNIPPET_CHARACTERS + 40)
    return pc.utf8_slice_codeunits(
        pc.replace_substring_regex(short, _SECRETS, "[removed]"), 0, SNIPPET_CHARACTERS
    )
