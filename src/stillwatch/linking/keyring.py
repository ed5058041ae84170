"""Which account used which key how often: the dynamic half of the bipartite graph of accounts and keys."""

import msgspec
import numpy as np

from stillwatch.features.observed import Observed

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
    "text fragment": 16,
    "replayed id": 6,
    "shared session": 6,
}
KEPT_OF_KIND = np.array([KEPT.get(kind, 0) for kind in KIND_NAMES])
RESERVE = 3  # times KEPT: keys that wait in case they grow
FOLD = 4
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
        order = np.argsort(slots, kind="stable")
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
    """Account, kind, key and how often, one row each; sorted by account, then kind, then key."""

    account: np.ndarray  # int64
    kind: np.ndarray  # int64
    key: np.ndarray  # uint64
    count: np.ndarray  # int64


def _empty() -> Pairs:
    return Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint64), np.zeros(0, np.int64))


class Keyring:
    """Pairs seen so far, at most KEPT of a kind for each account."""

    def __init__(self) -> None:
        self._filters = {kind: SharedOnly() for kind in ("text fragment", "replayed id", "shared session")}
        self._waiting: list[Pairs] = []
        self._recent, self._pairs = _empty(), _empty()

    def observe(self, batch: Observed) -> None:
        """Note the keys of a batch."""
        row = np.repeat(np.arange(len(batch)), batch.fragments.shape[1])
        self._note("text fragment", batch.account[row], batch.fragments.reshape(-1))
        self._note("replayed id", batch.account[batch.replayed_row], batch.replayed)
        self._note("shared session", batch.account, batch.session)
        self._note("shared session", batch.account, batch.conversation)
        self._note("address", batch.account, batch.address)
        self._note("network prefix", batch.account, batch.prefix)
        asn = np.where(batch.asn >= 0, batch.asn + 1, 0).astype(np.uint64)
        self._note("autonomous system", batch.account, asn)
        self._note("user agent", batch.account, batch.agent)
        self._note("TLS fingerprint", batch.account, batch.ja4)
        self._note("tools", batch.account, batch.tools)
        self._note("settings", batch.account, batch.settings)
        self._note("system prompt", batch.account, batch.system)

    def _note(self, kind: str, accounts: np.ndarray, keys: np.ndarray) -> None:
        there = keys != 0
        accounts, keys = accounts[there], keys[there]
        if kind in self._filters:
            through = self._filters[kind].passes(keys, accounts)
            accounts, keys = accounts[through], keys[through]
        if len(keys):
            ones = np.ones(len(keys), np.int64)
            self._waiting.append(Pairs(accounts, np.full(len(keys), KIND_CODE[kind]), keys, ones))

    def settle(self) -> None:
        """Fold what waits into the pairs. Called at the end of every tick, so that pruning does not depend on batches.

        Recent pairs are kept apart until they are a quarter of all, so that a tick costs what it brings.
        """
        if self._waiting:
            self._recent = _merged([self._recent, *self._waiting])
            self._waiting = []
        if len(self._recent.key) * FOLD > len(self._pairs.key):
            self._pairs = most_used(_merged([self._pairs, self._recent]), RESERVE)
            self._recent = _empty()

    def pairs(self) -> Pairs:
        """All pairs so far, the most used of each account and kind."""
        return most_used(_merged([self._pairs, self._recent]))


def _merged(parts: list[Pairs]) -> Pairs:
    account = np.concatenate([p.account for p in parts])
    kind = np.concatenate([p.kind for p in parts])
    key = np.concatenate([p.key for p in parts])
    count = np.concatenate([p.count for p in parts])
    major = account * len(KIND_NAMES) + kind
    order = np.lexsort((key, major))
    major, key = major[order], key[order]
    starts = np.flatnonzero(np.append(True, (major[1:] != major[:-1]) | (key[1:] != key[:-1])))
    total = np.add.reduceat(count[order], starts)
    return Pairs(major[starts] // len(KIND_NAMES), major[starts] % len(KIND_NAMES), key[starts], total)


def most_used(pairs: Pairs, times: int = 1) -> Pairs:
    """The most used keys of each account and kind, `times` KEPT of them."""
    major = pairs.account * len(KIND_NAMES) + pairs.kind
    order = np.lexsort((pairs.key, -pairs.count, major))
    starts = np.flatnonzero(np.append(True, major[order][1:] != major[order][:-1]))
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    kept = np.sort(order[rank < times * KEPT_OF_KIND[pairs.kind[order]]])
    return Pairs(pairs.account[kept], pairs.kind[kept], pairs.key[kept], pairs.count[kept])
