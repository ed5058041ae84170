"""What the provider knows of its accounts, as of a time: sign-up, payment, identity, status; one row an account code."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.features.growing import PerAccount
from stillwatch.features.key import SketchKey
from stillwatch.features.strings import keyed, network_of
from stillwatch.records import ACCOUNTS

HOUR = 3_600_000_000  # microseconds
NEVER = np.iinfo(np.int64).max
HASHED = (
    "org_id", "plan", "programme", "email_domain", "email_hash", "phone_hash", "payment_fp", "payment_kind",
    "payment_bin", "signup_ip", "signup_ja4", "device_id", "referral",
)  # fmt: skip
COUNTRIES = ("phone_country", "payment_country", "signup_country", "kyc_country", "declared_country")
OFF = ("banned", "suspended", "closed")


class Ledger:
    """Codes accounts as 0, 1, 2 … in order of appearance and keeps the version of each that holds now."""

    def __init__(self, key: SketchKey) -> None:
        self._key = key
        self._codes: dict[str, int] = {}
        self.names: list[str] = []
        self.hashes = {name: PerAccount(np.uint64) for name in (*HASHED, *COUNTRIES, "signup_prefix")}
        self.created = PerAccount(np.int64, empty=-1)
        self.signup_asn = PerAccount(np.int64, empty=-1)
        self.kyc_level = PerAccount(np.int8, empty=-1)
        self.known = PerAccount(np.bool_)
        self.authorised = PerAccount(np.bool_)
        self.off_at = PerAccount(np.int64, empty=NEVER)
        self._pending: list[tuple[int, pa.RecordBatch]] = []

    def __len__(self) -> int:
        return len(self.names)

    def codes(self, accounts: pa.Array) -> np.ndarray:
        """Codes of a column of account ids, int64; new ids get the next codes in order of appearance."""
        encoded = accounts.dictionary_encode()
        known = self._codes
        table = np.empty(len(encoded.dictionary), np.int64)
        for i, name in enumerate(encoded.dictionary.to_pylist()):
            code = known.get(name)
            if code is None:
                code = known[name] = len(self.names)
                self.names.append(name)
            table[i] = code
        out: np.ndarray = table[encoded.indices.to_numpy()]
        return out

    def lookup(self, name: str) -> int | None:
        """The code of an account id, or None if it was never seen."""
        return self._codes.get(name)

    def add(self, versions: pa.Table) -> None:
        """Queue account versions (schema ACCOUNTS); each takes effect when `advance` reaches its time."""
        if not len(versions):
            return
        start = pc.fill_null(pc.cast(versions["valid_from"], pa.int64()), -1).to_numpy()
        order = np.argsort(start, kind="stable")
        hours = np.where(start < 0, -1, start // HOUR * HOUR)[order]
        ordered = versions.select(ACCOUNTS.names).take(pa.array(order)).combine_chunks()
        firsts = np.flatnonzero(np.append(True, hours[1:] != hours[:-1]))
        for first, stop in zip(firsts, np.append(firsts[1:], len(hours)), strict=True):
            piece = ordered.slice(int(first), int(stop - first)).to_batches()
            self._pending += [(int(hours[first]), batch) for batch in piece]
        self._pending.sort(key=lambda pair: pair[0])

    def hash_of(self, field: str, value: str) -> np.uint64:
        """The hash under which a value of a field is kept."""
        return np.uint64(keyed(pa.array([value]), field, self._key)[0])

    def advance(self, now: int) -> None:
        """Let every version take effect whose hour began before `now` (microseconds)."""
        while self._pending and self._pending[0][0] < now:
            self._apply(self._pending.pop(0)[1])

    def queued(self) -> list[pa.RecordBatch]:
        """Versions that have not taken effect, in order of their time."""
        return [batch for _, batch in self._pending]

    def ban(self, account: str, at: int) -> None:
        """Note that an account was taken out of service."""
        code = int(self.codes(pa.array([account]))[0])
        off = self.off_at.upto(len(self))
        off[code] = min(off[code], at)

    def unban(self, account: str) -> None:
        """Note that an account is back in service."""
        code = int(self.codes(pa.array([account]))[0])
        self.off_at.upto(len(self))[code] = NEVER

    def _apply(self, batch: pa.RecordBatch) -> None:
        codes = self.codes(batch.column("account_id"))
        size = len(self)
        for name in (*HASHED, *COUNTRIES):
            purpose = "country" if name in COUNTRIES else name
            self.hashes[name].upto(size)[codes] = keyed(batch.column(name), purpose, self._key)
        prefix = network_of(batch.column("signup_ip"))
        self.hashes["signup_prefix"].upto(size)[codes] = keyed(prefix, "prefix", self._key)
        self.created.upto(size)[codes] = _integers(batch.column("created_at"))
        self.signup_asn.upto(size)[codes] = _integers(batch.column("signup_asn"))
        self.kyc_level.upto(size)[codes] = _integers(batch.column("kyc_level"))
        self.known.upto(size)[codes] = True
        authorised = pc.fill_null(batch.column("authorised_distillation"), False)
        self.authorised.upto(size)[codes] = authorised.to_numpy(zero_copy_only=False)
        off = pc.is_in(batch.column("status"), pa.array(OFF)).to_numpy(zero_copy_only=False)
        at = _integers(batch.column("status_at"))
        rows = np.flatnonzero(off & (at >= 0))
        np.minimum.at(self.off_at.upto(size), codes[rows], at[rows])


def _integers(column: pa.Array) -> np.ndarray:
    out: np.ndarray = pc.fill_null(pc.cast(column, pa.int64()), -1).to_numpy(zero_copy_only=False)
    return out
