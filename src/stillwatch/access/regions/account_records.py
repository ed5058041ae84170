"""Of each account what the judge needs of its record: places and kinds as small numbers, and no address."""

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.regions.sightings import SIGNUP_LISTED
from stillwatch.features.growing import PerAccount
from stillwatch.features.observed import Names
from stillwatch.records import ACCOUNTS

WORDS = (
    "org_id",
    "declared_country",
    "kyc_country",
    "signup_country",
    "payment_country",
    "payment_kind",
    "phone_country",
    "phone_kind",
)
UNKNOWN = -1


class AccountRecords:
    """Keeps the version of each account that is valid the latest, in about 50 bytes. Can be pickled.

    A version that is to hold later counts as soon as it is told. One told again changes nothing.
    """

    def __init__(self, accounts: Names) -> None:
        self._accounts = accounts
        self._known = {name: Names() for name in (*WORDS, "owner_countries")}
        self._words = {name: PerAccount(np.int32, empty=UNKNOWN) for name in self._known}
        self._level = PerAccount(np.int8, empty=UNKNOWN)
        self._listed = PerAccount(np.bool_)
        self._since = PerAccount(np.int64, empty=np.iinfo(np.int64).min)  # the least: no record

    def observe(self, versions: pa.Table) -> np.ndarray:
        """Take account records as `signed_up` gives them; returns the numbers of accounts of which something changed."""
        account = self._accounts.codes(versions["account_id"].combine_chunks()).astype(np.int64)
        since = pc.fill_null(pc.cast(versions["valid_from"], pa.int64()), -1).to_numpy()
        size = len(self._accounts.names)
        rows = _latest(account, since)
        rows = rows[since[rows] >= self._since.upto(size)[account[rows]]]
        who, chosen = account[rows], versions.take(pa.array(rows))
        fresh = {name: self._known[name].codes(_texts(chosen[name].combine_chunks())) for name in self._known}
        level = pc.fill_null(chosen["kyc_level"].cast(pa.int8()), UNKNOWN).to_numpy()
        listed = pc.fill_null(chosen[SIGNUP_LISTED.name], False).to_numpy()
        changed = self._since.upto(size)[who] == np.iinfo(np.int64).min
        columns = [(self._words[name], values) for name, values in fresh.items()]
        for kept, values in [*columns, (self._level, level), (self._listed, listed)]:
            held = kept.upto(size)
            changed |= held[who] != values
            held[who] = values
        self._since.upto(size)[who] = since[rows]
        out: np.ndarray = who[changed]
        return out

    def table(self, accounts: np.ndarray) -> pa.Table:
        """The records of some accounts, by number, as `judge` takes them; those without one are left out."""
        size = len(self._accounts.names)
        some = np.sort(accounts)
        some = some[self._since.upto(size)[some] > np.iinfo(np.int64).min]
        columns = {"account_id": pa.array([self._accounts.names[number] for number in some], pa.string())}
        for name in WORDS:
            columns[name] = self._named(name, some, size)
        shares = self._named("owner_countries", some, size).dictionary_encode()
        told = [list(msgspec.json.decode(one).items()) for one in shares.dictionary.to_pylist()]
        owners = pa.array(told, ACCOUNTS.field("owner_countries").type)
        columns["owner_countries"] = owners.take(shares.indices)
        level = self._level.upto(size)[some]
        columns["kyc_level"] = pa.array(level, mask=level == UNKNOWN)
        columns[SIGNUP_LISTED.name] = pa.array(self._listed.upto(size)[some])
        return pa.table(columns)

    def _named(self, name: str, some: np.ndarray, size: int) -> pa.Array:
        codes = self._words[name].upto(size)[some]
        return pa.array(self._known[name].names, pa.string()).take(pa.array(codes, mask=codes == UNKNOWN))


def _latest(account: np.ndarray, since: np.ndarray) -> np.ndarray:
    """Of each account the row that is valid from the latest time on; of equal ones the last."""
    order = np.lexsort((np.arange(len(account)), since, account))
    last = np.append(account[order][1:] != account[order][:-1], True) if len(order) else np.zeros(0, bool)
    out: np.ndarray = np.sort(order[last])
    return out


def _texts(column: pa.Array) -> pa.Array:
    """Words as they are; shares of owners as JSON."""
    if not pa.types.is_map(column.type):
        return column
    return pa.array(
        [
            None if shares is None else msgspec.json.encode(dict(shares)).decode()
            for shares in column.to_pylist()
        ],
        pa.string(),
    )
