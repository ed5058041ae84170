"""A batch of sketches as plain arrays, with accounts, models and pathways as small integers."""

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.features.content import SCALE
from stillwatch.features.ledger import Ledger
from stillwatch.features.sketch import BYTE


class Names:
    """Gives each distinct string a small integer, in order of appearance."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self.names: list[str] = []

    def codes(self, column: pa.Array) -> np.ndarray:
        """int32 a row; -1 for null."""
        encoded = column.dictionary_encode()
        table = np.empty(len(encoded.dictionary) + 1, np.int32)
        table[-1] = -1
        for i, name in enumerate(encoded.dictionary.to_pylist()):
            if name not in self._codes:
                self._codes[name] = len(self.names)
                self.names.append(name)
            table[i] = self._codes[name]
        out: np.ndarray = table[pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)]
        return out


class Observed(msgspec.Struct, frozen=True):
    """n exchanges in event-time order; every array has n rows."""

    accounts: int  # accounts known so far: codes are below this
    account: np.ndarray  # int64
    ts: np.ndarray  # int64 microseconds
    present: np.ndarray  # uint64 bit mask of fields
    session: np.ndarray
    conversation: np.ndarray
    end_user: np.ndarray
    pathway: np.ndarray  # int32, -1 unknown
    model: np.ndarray
    system: np.ndarray  # uint64 hashes from here
    fragments: np.ndarray  # [n, FRAGMENTS]
    item: np.ndarray
    vector: np.ndarray  # float32 [n, DIMENSIONS], unit length or zero
    words: np.ndarray  # int32
    capability: np.ndarray  # float32 [n, 13], rows sum to about 1
    task: np.ndarray  # float32 [n, 13], capability with demands for reasoning left aside
    elicitation: np.ndarray  # float32 0..1
    grading: np.ndarray
    tools: np.ndarray
    settings: np.ndarray
    turns: np.ndarray  # int32, -1 unknown
    tool_results: np.ndarray
    tokens_in: np.ndarray
    tokens_out: np.ndarray
    status: np.ndarray
    address: np.ndarray
    prefix: np.ndarray
    asn: np.ndarray  # int64, -1 unknown
    country: np.ndarray  # int32, -1 unknown
    agent: np.ndarray
    ja4: np.ndarray
    language: np.ndarray
    handle: np.ndarray  # uint64: what minted ids call the account
    continued_id: np.ndarray  # uint64: the newest id of the history, where it was minted for another account
    continued: np.ndarray  # uint64: the handle of that account
    continued_at: np.ndarray  # int64 microseconds, -1 unknown
    replayed: np.ndarray  # uint64, flat
    replayed_row: np.ndarray  # int64: the exchange each flat entry belongs to

    def __len__(self) -> int:
        return len(self.account)


class Interner:
    """Turns sketch batches into Observed, keeping the same small integers over the whole run."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.pathways, self.models, self.countries = Names(), Names(), Names()

    def observe(self, batch: pa.RecordBatch) -> Observed:
        """Arrays of a sketch batch (schema SKETCHES)."""
        account = self.ledger.codes(batch.column("account_id"))
        plain = {
            name: batch.column(name).to_numpy(zero_copy_only=False)
            for name in (
                "present", "session", "conversation", "end_user", "system", "item", "words", "tools", "settings",
                "turns", "tool_results", "tokens_in", "tokens_out", "status", "address", "prefix", "asn", "agent",
                "ja4", "language", "handle", "continued_id", "continued", "continued_at",
            )
        }  # fmt: skip
        replayed = batch.column("replayed")
        lengths = pc.fill_null(pc.list_value_length(replayed), 0).to_numpy(zero_copy_only=False)
        return Observed(
            accounts=len(self.ledger),
            account=account,
            ts=batch.column("ts").cast(pa.int64()).to_numpy(zero_copy_only=False),
            pathway=self.pathways.codes(batch.column("pathway")),
            model=self.models.codes(batch.column("model")),
            country=self.countries.codes(batch.column("country")),
            fragments=_matrix(batch.column("fragments")),
            vector=_matrix(batch.column("vector")).astype(np.float32) / np.float32(SCALE),
            capability=_matrix(batch.column("capability")).astype(np.float32) / np.float32(BYTE),
            task=_matrix(batch.column("task")).astype(np.float32) / np.float32(BYTE),
            elicitation=batch.column("elicitation").to_numpy().astype(np.float32) / np.float32(BYTE),
            grading=batch.column("grading").to_numpy().astype(np.float32) / np.float32(BYTE),
            replayed=pc.list_flatten(replayed).to_numpy(zero_copy_only=False),
            replayed_row=np.repeat(np.arange(len(batch)), lengths),
            **plain,
        )


def _matrix(column: pa.Array) -> np.ndarray:
    flat: np.ndarray = column.flatten().to_numpy()
    return flat.reshape(len(column), column.type.list_size)
