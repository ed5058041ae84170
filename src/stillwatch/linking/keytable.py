"""The bipartite graph of accounts and keys at one moment, with how common each key is in each stratum.

A stratum is a country and whether the account is new: people of one country share banks, networks and
languages for innocent reasons, and new accounts share current software, so chance is reckoned within.
"""

from collections.abc import Iterable, Iterator

import msgspec
import numpy as np

from stillwatch.features.distinct import grouped, stable_order
from stillwatch.features.ledger import HOUR, Ledger
from stillwatch.features.words import mix
from stillwatch.linking.keyring import FAMILIES, FAMILY_OF_KIND, KIND_CODE, KIND_NAMES, Keyring

SIGNUP_WINDOW = 6 * HOUR
NEW = 30 * 24 * HOUR  # an account is new in its first thirty days
_STATIC = {
    "payment instrument": "payment_fp",
    "sign-up device": "device_id",
    "sign-up network": "signup_prefix",
    "sign-up client": "signup_ja4",
    "mail domain": "email_domain",
    "referral": "referral",
    "telephone": "phone_hash",
    "mail address": "email_hash",
}
Columns = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Accounts, kinds, keys and counts of edges."""
_SALTS = mix(
    np.arange(1, len(KIND_NAMES) + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xFF51AFD7ED558CCD),
)


class KeyTable(msgspec.Struct, frozen=True):
    """Edges account to key, sorted by account; keys are numbered 0 … keys-1."""

    account: np.ndarray  # int64 [edges]
    key: np.ndarray  # int64 [edges]
    count: np.ndarray  # int64 [edges]: exchanges, 1 for a fact of the account record
    first_edge: np.ndarray  # int64 [accounts + 1]: edges of account a are first_edge[a]:first_edge[a+1]
    kind: np.ndarray  # int64 [keys]
    name: np.ndarray  # uint64 [keys]: the keyed hash
    degree: np.ndarray  # int64 [keys]: accounts that hold it
    stratum: np.ndarray  # int64 [accounts]
    stratum_size: np.ndarray  # int64 [strata]
    cell: np.ndarray  # int64 [edges]: index into cell_degree
    cell_degree: np.ndarray  # int64: accounts of the edge's stratum that hold its key
    by_key: np.ndarray  # edges sorted by key
    key_start: np.ndarray  # int64 [keys + 1]: edges of key k are by_key[key_start[k]:key_start[k+1]]
    family: np.ndarray  # int64 [keys]: family code
    shown: np.ndarray  # bool [accounts, families]: the account has a key of the family

    def shows(self, family: str) -> np.ndarray:
        """Bool [accounts]: the account has a key of the family."""
        return self.shown[:, FAMILIES.index(family)]

    def edges_in(self, family: str) -> tuple[np.ndarray, np.ndarray]:
        """Edges to keys of a family, by account, and where those of each account start [accounts + 1]."""
        edges = np.flatnonzero(self.family[self.key] == FAMILIES.index(family))
        return edges, np.searchsorted(self.account[edges], np.arange(len(self.first_edge)))

    def edges_of(self, accounts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Edge indices of the accounts, and for each the position in `accounts` it belongs to."""
        return ranges(self.first_edge, accounts)

    def holders(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Edge indices of the keys, and for each the position in `keys` it belongs to."""
        at, owner = ranges(self.key_start, keys)
        return self.by_key[at], owner


def ranges(starts: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All positions starts[c]:starts[c+1] of the chosen c, and for each its place in `chosen`."""
    lengths = starts[chosen + 1] - starts[chosen]
    owner = np.repeat(np.arange(len(chosen)), lengths)
    before = np.cumsum(lengths) - lengths
    return np.arange(len(owner)) - before[owner] + starts[chosen][owner], owner


def key_table(
    keyring: Keyring, ledger: Ledger, eligible: np.ndarray, stratum_of: np.ndarray, now: int
) -> KeyTable:
    """The graph over eligible accounts (bool [accounts]); `stratum_of` is a country code a row, -1 unknown."""
    accounts = len(eligible)
    new = ledger.created.upto(accounts) > now - NEW
    strata = grouped(2 * stratum_of + new)
    stratum = strata.which
    used = keyring.pairs()
    inside = eligible[used.account]
    account, kind, name, count = _with_static(
        ledger,
        np.flatnonzero(eligible),
        used.account[inside],
        used.kind[inside],
        used.key[inside],
        used.count[inside],
        _handed_on(keyring, ledger, eligible),
    )
    order = stable_order(account)
    account, kind, count = account[order], kind[order], count[order]
    names = grouped(name[order] ^ _SALTS[kind])
    key, kind = names.which, kind[names.first]
    cells = grouped(key * len(strata.values) + stratum[account])
    return KeyTable(
        account=account,
        key=key,
        count=count,
        first_edge=np.searchsorted(account, np.arange(accounts + 1)),
        kind=kind,
        name=names.values,
        degree=names.counts,
        stratum=stratum,
        stratum_size=np.bincount(stratum[eligible], minlength=len(strata.values)),
        cell=cells.which,
        cell_degree=cells.counts,
        by_key=stable_order(key),
        key_start=np.append(names.starts, len(key)),
        family=FAMILY_OF_KIND[kind],
        shown=_shown(account, FAMILY_OF_KIND[kind][key], accounts),
    )


def _shown(account: np.ndarray, family: np.ndarray, accounts: int) -> np.ndarray:
    out = np.zeros((accounts, len(FAMILIES)), bool)
    out[account, family] = True
    return out


def _with_static(
    ledger: Ledger,
    accounts: np.ndarray,
    account: np.ndarray,
    kind: np.ndarray,
    name: np.ndarray,
    count: np.ndarray,
    handed_on: Iterable[Columns],
) -> tuple[np.ndarray, ...]:
    columns = [(account, kind, name, count), *handed_on]
    for label, holders, hashes in facts_of(ledger, accounts):
        codes = np.full(len(holders), KIND_CODE[label])
        columns.append((holders, codes, hashes, np.ones(len(holders), np.int64)))
    return tuple(np.concatenate(part) for part in zip(*columns, strict=True))


def _handed_on(keyring: Keyring, ledger: Ledger, eligible: np.ndarray) -> Iterator[Columns]:
    """The key that accounts of one pipeline share."""
    holders, keys = keyring.handovers.pipelines(ledger)
    inside = eligible[holders]
    holders, keys = holders[inside], keys[inside]
    yield (
        holders,
        np.full(len(holders), KIND_CODE["conversations handed on"]),
        keys,
        np.ones(len(holders), np.int64),
    )


def facts_of(ledger: Ledger, accounts: np.ndarray) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Keys that account records show, kind by kind: the account (int64) and the key (uint64) of each."""
    size = len(ledger)
    facts = {label: ledger.hashes[field].upto(size)[accounts] for label, field in _STATIC.items()}
    paid = [ledger.hashes[field].upto(size)[accounts] for field in ("payment_bin", "payment_kind")]
    combined = mix(
        paid[0] * np.uint64(3) + paid[1] * np.uint64(5),
        np.uint64(0xC4CEB9FE1A85EC53),
    )
    facts["payment BIN and kind"] = np.where(paid[0] != 0, combined, np.uint64(0))
    created = ledger.created.upto(size)[accounts]
    facts["sign-up window"] = np.where(created >= 0, created // SIGNUP_WINDOW + 1, 0).astype(np.uint64)
    for label, hashes in facts.items():
        there = np.flatnonzero(hashes != 0)
        yield label, accounts[there], hashes[there]


def named(kind: str, keys: np.ndarray) -> np.ndarray:
    """Names of keys of a kind, uint64: what `KeyTable.name` holds."""
    out: np.ndarray = keys ^ _SALTS[KIND_CODE[kind]]
    return out
