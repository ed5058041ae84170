"""What a check keeps of a column of sign-ups: keyed hashes, or a small number; 0 where the record does not say."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.signup.terms import Terms
from stillwatch.features.key import SketchKey
from stillwatch.features.strings import keyed, network_of
from stillwatch.features.words import mix

_SECOND = np.uint64(0x9E3779B97F4A7C15)
_SPREAD = np.uint64(0xC2B2AE3D27D4EB4F)


class Intake:
    """A batch of sign-ups (schema SIGNUPS) as checks read it."""

    def __init__(self, records: pa.Table, terms: Terms, key: SketchKey) -> None:
        self.records = records.combine_chunks()
        self.terms = terms
        self._key = key
        self._hashes: dict[str, np.ndarray] = {}

    def __len__(self) -> int:
        return len(self.records)

    def column(self, name: str) -> pa.Array:
        return self.records[name].combine_chunks()

    def hashes(self, name: str) -> np.ndarray:
        """Keyed hashes of a text column, uint64; 0 where it is null or empty."""
        if name not in self._hashes:
            self._hashes[name] = keyed(self.column(name), name, self._key)
        return self._hashes[name]

    def networks(self) -> np.ndarray:
        """Keyed hashes of the /24 or /48 that a sign-up came from."""
        return keyed(network_of(self.column("signup_ip")), "signup network", self._key)

    def both(self, first: str, second: str) -> np.ndarray:
        """Keyed hashes of two columns taken together; 0 where one of them is not said."""
        left, right = self.hashes(first), self.hashes(second)
        together = mix(left ^ right * _SECOND, _SPREAD)
        return np.where((left != 0) & (right != 0), together | np.uint64(1), np.uint64(0))

    def one_of(self, name: str, *words: str) -> np.ndarray:
        """Bool a row: the column holds one of the words."""
        found = pc.is_in(self.column(name), pa.array(words, pa.string()))
        out: np.ndarray = found.to_numpy(zero_copy_only=False)
        return out

    def grades(self, name: str, grade: Callable[[str], int]) -> np.ndarray:
        """What is kept for grades that follow from the text of a column alone, uint64; each text is graded once."""
        encoded = self.column(name).dictionary_encode()
        graded = np.array([grade(text) + 1 for text in encoded.dictionary.to_pylist()] + [0], np.uint64)
        places = pc.fill_null(encoded.indices, len(graded) - 1).to_numpy(zero_copy_only=False)
        out: np.ndarray = graded[places]
        return out

    def numbers(self, name: str) -> np.ndarray:
        """What is kept for a column of counts that are grades themselves, uint64."""
        column = pc.fill_null(pc.cast(self.column(name), pa.int64()), -1).to_numpy(zero_copy_only=False)
        out: np.ndarray = (np.clip(column, -1, 1 << 20) + 1).astype(np.uint64)
        return out
