"""How often a key occurred between two times: sorted arrays, with room for one more batch at little cost."""

import numpy as np

ORIGIN = 1_420_070_400  # seconds from 1970 to 2015, from which times are counted here
TIME_BITS = 30  # until 2049
KEY_BITS = 64 - TIME_BITS  # at a million keys one in 17,000 is taken for another
LATEST = (1 << TIME_BITS) - 1
RECENT = 4_096  # times that wait at least before the large array is made anew
RECENT_SHARE = 16  # or a sixteenth of the large one
_KEY = np.uint64(((1 << KEY_BITS) - 1) << TIME_BITS)


def seconds(micros: np.ndarray) -> np.ndarray:
    """Seconds since ORIGIN of times in microseconds since 1970, int64; what lies outside is put at the ends."""
    out: np.ndarray = np.clip(micros // 1_000_000 - ORIGIN, 0, LATEST)
    return out


def packed(keys: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Key and time in one uint64, in whose order those of a key stand together by time."""
    out: np.ndarray = keys & _KEY | times.astype(np.uint64)
    return out


class KeyTimes:
    """A multiset of (key, second). Its content does not depend on the order in which it came."""

    def __init__(self) -> None:
        self._main = np.zeros(0, np.uint64)
        self._recent = np.zeros(0, np.uint64)

    def __len__(self) -> int:
        return len(self._main) + len(self._recent)

    def add(self, keys: np.ndarray, times: np.ndarray) -> None:
        """Take in one occurrence a row."""
        # A stable sort finds the two runs and merges them.
        more = np.sort(packed(keys, times))
        self._recent = np.sort(np.concatenate([self._recent, more]), kind="stable")
        if len(self._recent) > max(RECENT, len(self._main) // RECENT_SHARE):
            self._main = np.sort(np.concatenate([self._main, self._recent]), kind="stable")
            self._recent = np.zeros(0, np.uint64)

    def remove(self, keys: np.ndarray, times: np.ndarray) -> None:
        """Take out one occurrence a row; each is there."""
        if not len(keys):
            return
        gone = np.sort(packed(keys, times))
        whole = np.sort(np.concatenate([self._main, self._recent]), kind="stable")
        place = np.searchsorted(whole, gone)
        nth = np.arange(len(gone)) - np.searchsorted(gone, gone)  # of several equal ones, one after the other
        self._main = np.delete(whole, place + nth)
        self._recent = np.zeros(0, np.uint64)

    def forget(self, before: int) -> None:
        """Take out all occurrences earlier than a second."""
        late = np.uint64(before)
        self._main = self._main[self._main & ~_KEY >= late]
        self._recent = self._recent[self._recent & ~_KEY >= late]

    def count(
        self, keys: np.ndarray, first: np.ndarray, last: np.ndarray, *, but: np.ndarray | int = 0
    ) -> np.ndarray:
        """Occurrences of the key of each row from `first` to `last`, both included, less `but`, int64."""
        low = packed(keys, np.clip(first, 0, LATEST))
        high = packed(keys, np.clip(last, 0, LATEST))
        out = np.zeros(len(keys), np.int64)
        for part in (self._main, self._recent):
            if len(part):
                out += np.searchsorted(part, high, side="right") - np.searchsorted(part, low)
        out[(last < first) | (last < 0)] = 0
        return out - but
