"""What came of the calls: usage, status, latency and answers."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab.arrays import Bools, Ints, Rng, choose
from stillwatch.lab.requests import Columns, kept_where

ERRORS = {400: "invalid_request_error", 429: "rate_limit_error", 500: "api_error"}
REFUSAL = "I can't help with that."


def outcome(rng: Rng, columns: Columns, *, errors: float = 0.02, refused: Bools | None = None) -> Columns:
    """Columns that fit the texts of `columns`; failed calls have no answer, refused ones a short one."""
    size = len(columns["prompt"])
    status = np.array([200, 429, 500, 400])[
        choose(rng, (1 - errors, errors * 0.55, errors * 0.25, errors * 0.2), size)
    ]
    failed = status != 200
    declined = np.zeros(size, dtype=bool) if refused is None else refused & ~failed
    limit = pc.fill_null(columns["max_tokens"], 1 << 20).to_numpy()
    tokens_in = _tokens_in(rng, columns)
    wanted = np.where(declined, 12, np.maximum(rng.lognormal(5.3, 0.9, size), 4)).astype(np.int64)
    out = np.where(failed, 0, np.minimum(wanted, limit))
    finish = _finish(failed, declined, wanted >= limit)
    thinking = pc.fill_null(pc.equal(columns["reasoning_effort"], "high"), fill_value=False).to_numpy(
        zero_copy_only=False
    )
    answered = ~failed & (rng.random(size) > 0.02)
    response = pc.if_else(pa.array(declined), REFUSAL, columns["response"])
    return {
        "tokens_in": pa.array(tokens_in),
        "tokens_out": pa.array(out),
        "tokens_reasoning": pa.array((~failed * thinking * rng.lognormal(6, 0.7, size)).astype(np.int64)),
        "tokens_cached": pa.array((tokens_in * (rng.random(size) < 0.2) * 0.6).astype(np.int64)),
        "http_status": pa.array(status),
        "error_type": pa.array([None, *ERRORS.values()]).take(
            pa.array(np.searchsorted([200, *ERRORS], status))
        ),
        "finish_reason": finish,
        "latency_ms": pa.array(np.round((80 + ~failed * 270 + out * 14.0) * rng.lognormal(0, 0.25, size), 1)),
        "response": kept_where(answered, response),
    }


def _finish(failed: Bools, declined: Bools, cut: Bools) -> pa.Array:
    """Return the finish reason of each call."""
    code = np.where(failed, 0, np.where(declined, 3, np.where(cut, 2, 1)))
    return pa.array([None, "stop", "length", "refusal"]).take(pa.array(code))


def _tokens_in(rng: Rng, columns: Columns) -> Ints:
    """About four letters a token, plus what earlier turns of the conversation carry."""
    size = len(columns["prompt"])
    letters = np.zeros(size)
    for name in ("prompt", "system"):
        text = columns.get(name, pa.nulls(size, pa.string()))
        letters += pc.fill_null(pc.utf8_length(text), 0).to_numpy()
    turn = columns["n_turns"].to_numpy()
    return np.asarray(letters / 4.1 + 8 + (turn - 1) * rng.gamma(2, 160, size)).astype(np.int64)
