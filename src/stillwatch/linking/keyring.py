"""Which account used which key how often: the dynamic half of the bipartite graph of accounts and keys."""

from collections.abc import Iterator

import msgspec
import numpy as np

from stillwatch.features.distinct import grouped, rank_within, stable_order
from stillwatch.features.observed import Observed
from stillwatch.features.words import mix
from stillwatch.linking.handovers import Handovers

FAMILIES = ("money", "onboarding", "place", "software", "text", "flow")
KINDS = {
    "payment instrument": "money",
    "payment BIN and kind": "money",
    "sign-up window": "onboarding",
    "sign-up device": "onboarding",
    "sign-up network": "place",
    "sign-up client": "software",
    "mail domain": "onboarding",
    "referral": "onboarding",
    "telephone": "onboarding",
    "mail address": "onboarding",
    "address": "place",
    "network prefix": "place",
    "autonomous system": "place",
    "user agent": "software",
    "TLS fingerprint": "software",
    "tools": "software",
    "settings": "software",
    "system prompt": "text",
    "text fragment": "text",
    "replayed id": "flow",
    "shared session": "flow",
    "conversations handed on": "flow",
}
KIND_NAMES = tuple(KINDS)
KIND_CODE = {kind: code for code, kind in enumerate(KIND_NAMES)}
FAMILY_OF_KIND = np.array([FAMILIES.index(family) for family in KINDS.values()])

KEPT = {  # keys kept of an account and kind, the most used first
    "address": 3,
    "network prefix": 3,
    "autonomous system": 3,
    "user agent": 2,
    "TLS fingerprint": 2,
    "tools": 2,
    "settings": 2,
    "system prompt": 3,
    "text fragment": 10,
    "replayed id": 6,
    "shared session": 6,
}
KEPT_OF_KIND = np.array([KEPT.get(kind, 0) for kind in KIND_NAMES])
RESERVE = 3  # times KEPT: keys that wait in case they grow
OVERGROWN = 1.5  # growth since pairs were last dropped at which some are dropped again
LEAST_TIDY = 100_000
COUNT_BITS, KEY_BITS = 12, 18  # of a sort key, beside 34 for account and kind: 800 million accounts
COUNTED = 1 << COUNT_BITS  # uses beyond this are not told apart
_MAJOR, _MINOR = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
FILTER_SLOTS = 1 << 21


class SharedOnly:
    """Lets a key through once a second account has used it: fixed memory however many distinct keys there are.

    A slot remembers the first account that met it; two keys in one slot make a key pass early, which
    costs room and nothing else, since degrees are counted later on the pairs themselves.
    """

    def __init__(self) -> None:
        self._first = np.full(FILTER_SLOTS, -1, np.int32)
        self._shared = np.zeros(FILTER_SLOTS, bool)

    def passes(self, keys: np.ndarray, accounts: np.ndarray) -> np.ndarray:
        """Bool a row, in time order: some earlier row, or this one against an earlier, makes the key shared."""
        slots = (keys >> np.uint64(43)).astype(np.int64)
        order = stable_order(slots)
        slot, account = slots[order], accounts[order]
        if not len(slot):
            return np.zeros(0, bool)
        opens = np.append(True, slot[1:] != slot[:-1])
        starts = np.flatnonzero(opens)
        group = np.cumsum(opens) - 1
        first = self._first[slot[starts]]
        first = np.where(first < 0, account[starts], first)
        differs = account != first[group]
        before = np.cumsum(differs)
        within = before - np.repeat(before[starts] - differs[starts], np.diff(np.append(starts, len(slot))))
        passed = self._shared[slot] | (within > 0)
        self._first[slot[starts]] = first
        self._shared[slot[passed]] = True
        out = np.empty(len(slot), bool)
        out[order] = passed
        return out


class Pairs(msgspec.Struct, frozen=True):
    """Account, kind, key and how often, one row each, in order of `identity`."""

    identity: np.ndarray  # uint64: hash of the other three, which tells pairs apart
    account: np.ndarray  # int64
    kind: np.ndarray  # int64
    key: np.ndarray  # uint64
    count: np.ndarray  # int64

    def take(self, rows: np.ndarray) -> "Pairs":
        """The chosen rows, in their order."""
        return Pairs(
            self.identity[rows], self.account[rows], self.kind[rows], self.key[rows], self.count[rows]
        )


def _pairs(kind: str, accounts: np.ndarray, keys: np.ndarray) -> Pairs:
    code = KIND_CODE[kind]
    major = (accounts * len(KIND_NAMES) + code + 1).astype(np.uint64)
    identity = mix(mix(major, _MAJOR) ^ keys, _MINOR)
    pairs = grouped(identity)
    first = pairs.first
    return Pairs(pairs.values, accounts[first], np.full(len(first), code), keys[first], pairs.counts)


def _empty() -> Pairs:
    none = np.zeros(0, np.int64)
    return Pairs(np.zeros(0, np.uint64), none, none, np.zeros(0, np.uint64), none)


def keys_of(batch: Observed) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Keys that exchanges show, kind by kind: the account (int64) and the key (uint64) of each, in time order."""
    row = np.repeat(np.arange(len(batch)), batch.fragments.shape[1])
    asn = np.where(batch.asn >= 0, batch.asn + 1, 0).astype(np.uint64)
    columns = (
        ("text fragment", batch.account[row], batch.fragments.reshape(-1)),
        ("replayed id", batch.account[batch.replayed_row], batch.replayed),
        ("shared session", batch.account, batch.session),
        ("shared session", batch.account, batch.conversation),
        ("address", batch.account, batch.address),
        ("network prefix", batch.account, batch.prefix),
        ("autonomous system", batch.account, asn),
        ("user agent", batch.account, batch.agent),
        ("TLS fingerprint", batch.account, batch.ja4),
        ("tools", batch.account, batch.tools),
        ("settings", batch.account, batch.settings),
        ("system prompt", batch.account, batch.system),
    )
    for kind, accounts, keys in columns:
        there = keys != 0
        yield kind, accounts[there], keys[there]


class Keyring:
    """Pairs seen so far, at most KEPT of a kind for each account."""

    def __init__(self) -> None:
        self._filters = {kind: SharedOnly() for kind in ("text fragment", "replayed id", "shared session")}
        self.handovers = Handovers()
        self._waiting: list[Pairs] = []
        self._pairs = _empty()
        self._tidy = 0  # pairs after the last time some were dropped

    def observe(self, batch: Observed) -> None:
        """Note the keys of a batch."""
        self.handovers.observe(batch)
        for kind, accounts, keys in keys_of(batch):
            self._note(kind, accounts, keys)

    def _note(self, kind: str, accounts: np.ndarray, keys: np.ndarray) -> None:
        if kind in self._filters:
            through = self._filters[kind].passes(keys, accounts)
            accounts, keys = accounts[through], keys[through]
        if len(keys):
            self._waiting.append(_pairs(kind, accounts, keys))

    def settle(self) -> None:
        """Fold what waits into the pairs, and every so often drop what no account uses much.

        Called at the end of every tick, so that what is dropped does not depend on batches.
        """
        self.handovers.settle()
        if not self._waiting:
            return
        self._pairs = _added(self._pairs, _merged(self._waiting))
        self._waiting = []
        if len(self._pairs.key) > OVERGROWN * max(self._tidy, LEAST_TIDY):
            self._pairs = self._pairs.take(np.sort(most_used(self._pairs, RESERVE)))
            self._tidy = len(self._pairs.key)

    def pairs(self) -> Pairs:
        """The KEPT most used keys of each account and kind so far."""
        return self._pairs.take(most_used(self._pairs))


def _merged(parts: list[Pairs]) -> Pairs:
    identity = np.concatenate([p.identity for p in parts])
    count = np.concatenate([p.count for p in parts])
    pairs = grouped(identity)
    first = pairs.first
    account = np.concatenate([p.account for p in parts])[first]
    kind = np.concatenate([p.kind for p in parts])[first]
    key = np.concatenate([p.key for p in parts])[first]
    return Pairs(pairs.values, account, kind, key, np.add.reduceat(count[pairs.order], pairs.starts))


def _added(pairs: Pairs, more: Pairs) -> Pairs:
    """Both together: counts of known pairs are raised, new pairs take their place in the order."""
    at = np.searchsorted(pairs.identity, more.identity)
    known = at < len(pairs.identity)
    known[known] = pairs.identity[at[known]] == more.identity[known]
    count = pairs.count.copy()
    count[at[known]] += more.count[known]
    fresh = more.take(np.flatnonzero(~known))
    place = at[~known]
    return Pairs(
        np.insert(pairs.identity, place, fresh.identity),
        np.insert(pairs.account, place, fresh.account),
        np.insert(pairs.kind, place, fresh.kind),
        np.insert(pairs.key, place, fresh.key),
        np.insert(count, place, fresh.count),
    )


def most_used(pairs: Pairs, times: int = 1) -> np.ndarray:
    """Rows of the most used keys of each account and kind, `times` KEPT of them, by account and kind."""
    major = pairs.account * len(KIND_NAMES) + pairs.kind
    rare = COUNTED - 1 - np.minimum(pairs.count, COUNTED - 1)
    packed = (major << COUNT_BITS | rare).astype(np.uint64) << np.uint64(KEY_BITS) | pairs.key >> np.uint64(
        64 - KEY_BITS
    )
    order = np.argsort(packed)
    out: np.ndarray = order[rank_within(major[order]) < times * KEPT_OF_KIND[pairs.kind[order]]]
    return out
