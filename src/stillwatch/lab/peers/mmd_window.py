"""The window test of arXiv 2606.05725: whether an account's window of prompts is drawn like ordinary ones.

Written from the paper's description. Queries are embedded and normalised; the kernel is the mean of four
Gaussian kernels at sigma x {.5, 1, 2, 4}, sigma the median distance within the reference; the statistic is
the unbiased squared maximum mean discrepancy between a window and the reference, averaged over 20 reference
windows; the threshold is the 95 % quantile of the statistic over ordinary windows.

What differs, and why: the encoder is signed hashing of words (nothing to download), so the statistic sees
words and not meanings. A window is an account, with all its prompts up to the paper's 1,500, since most
accounts never fill 1,500. The spread of the statistic depends on the window's size, so ordinary windows are
compared within bins of size (powers of two). Ordinary windows are the accounts of the log's first week: a
provider who runs this test has no other; campaigns at work in that week widen the null.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from stillwatch.lab.logs import open_log
from stillwatch.lab.peers import Missing, Peer, judged

Floats = npt.NDArray[np.float32]
WIDTH = 384  # of an embedding, as the paper's encoder
WINDOW = 1500
REFERENCE_WINDOWS, REFERENCE_SIZE = 20, 50
CHUNK = 2_048  # queries whose kernels with the reference are held at once
WEEK = 7 * 86_400_000_000
QUANTILE = 0.95
LEAST_NULL = 20  # ordinary windows a bin of sizes needs; a smaller bin borrows from the next one below
PROMPTS = """
SELECT account_id, prompt, ts < (SELECT min(ts) FROM exchanges) + $week AS early
FROM (SELECT *, row_number() OVER (PARTITION BY account_id ORDER BY ts, exchange_id) AS place FROM exchanges
      WHERE prompt IS NOT NULL)
WHERE place <= $window ORDER BY account_id, place
"""


@dataclass(frozen=True)
class Windows:
    """Statistics of the windows of two queries or more: positions among the accounts, sizes, values."""

    positions: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]


def judge(log: Path) -> pa.Table | Missing:
    connection = open_log(log)
    every = connection.sql("SELECT DISTINCT account_id FROM exchanges ORDER BY account_id").to_arrow_table()
    prompts = connection.sql(PROMPTS, params={"week": WEEK, "window": WINDOW}).to_arrow_table()
    ids = every["account_id"].combine_chunks()
    scores, flagged = np.full(len(ids), -np.inf), np.zeros(len(ids), dtype=bool)
    early = prompts["early"].to_numpy()
    if early.sum() < 4 * REFERENCE_WINDOWS:
        return Missing(f"the log's first week holds {early.sum()} prompts, too few for a reference")
    vectors = embed(prompts["prompt"].combine_chunks())
    owner = pc.index_in(prompts["account_id"], ids).to_numpy()
    reference, rest = Reference.drawn(vectors, np.flatnonzero(early))
    vectors, owner, early = vectors[rest], owner[rest], early[rest]
    nearness = reference.nearness(vectors)
    windows = reference.test(vectors, owner, nearness)
    null = reference.test(vectors[early], owner[early], nearness[early])
    scores[windows.positions], flagged[windows.positions] = against(null, windows)
    return judged(ids, scores, flagged)


def embed(texts: pa.StringArray) -> sparse.csr_array:
    """Signed word counts in WIDTH columns, one unit-length row a text (zero for a text without words)."""
    words = pc.split_pattern_regex(pc.utf8_lower(texts), r"[\s\p{P}]+")
    spelled = pc.list_flatten(words).dictionary_encode()
    rows = pc.list_parent_indices(words).to_numpy()
    draw = np.random.default_rng(7)  # a fixed random sign and column for each place in the vocabulary
    vocabulary = len(spelled.dictionary)
    columns, signs = draw.integers(WIDTH, size=vocabulary), draw.choice((-1.0, 1.0), size=vocabulary)
    empty = pc.equal(spelled.dictionary, "").to_numpy(zero_copy_only=False)
    signs[empty] = 0.0
    places = spelled.indices.to_numpy()
    counts = sparse.csr_array(
        (signs[places].astype(np.float32), (rows, columns[places])), shape=(len(texts), WIDTH)
    )
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1))).ravel()
    return sparse.diags_array(1 / np.where(lengths > 0, lengths, 1)).tocsr().astype(np.float32) @ counts


@dataclass(frozen=True)
class Reference:
    """Reference windows, stacked: REFERENCE_WINDOWS blocks of equal size; `sigma` their median distance."""

    rows: Floats
    sigma: float
    within: float  # mean kernel of pairs within a window, averaged over the windows

    @classmethod
    def drawn(
        cls, vectors: sparse.csr_array, among: npt.NDArray[np.int64]
    ) -> tuple["Reference", npt.NDArray[np.int64]]:
        """Draw from the queries `among`, at most half of them; gives the queries left, which alone are tested.

        A query in a window and in the reference would be at no distance from itself, and so hide the window.
        """
        draw = np.random.default_rng(11)
        size = min(REFERENCE_SIZE, len(among) // (2 * REFERENCE_WINDOWS))
        chosen = draw.choice(among, size=size * REFERENCE_WINDOWS, replace=False)
        rows = vectors[chosen].toarray()
        distances = _squared(rows, rows)[np.triu_indices(len(rows), 1)]
        sigma = float(np.sqrt(np.median(distances))) or 1.0
        blocks = rows.reshape(REFERENCE_WINDOWS, size, -1)
        within = float(np.mean([_pairs(block, sigma) for block in blocks]))
        return cls(rows, sigma, within), np.setdiff1d(np.arange(vectors.shape[0]), chosen)

    def nearness(self, vectors: sparse.csr_array) -> npt.NDArray[np.float64]:
        """Mean kernel of each query with the reference's rows."""
        near = np.empty(vectors.shape[0])
        for first in range(0, len(near), CHUNK):
            rows = vectors[first : first + CHUNK].toarray()
            near[first : first + CHUNK] = mean_kernel(_squared(rows, self.rows), self.sigma).mean(axis=1)
        return near

    def test(
        self, vectors: sparse.csr_array, owner: npt.NDArray[np.int64], nearness: npt.NDArray[np.float64]
    ) -> Windows:
        """Unbiased squared MMD of each account's window; the queries stand in order of their `owner`."""
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        sizes = np.diff(starts, append=len(owner))
        across = np.add.reduceat(nearness, starts) / sizes
        kept = np.flatnonzero(sizes >= 2)
        inside = [
            _pairs(vectors[start : start + size].toarray(), self.sigma)
            for start, size in zip(starts[kept], sizes[kept], strict=True)
        ]
        return Windows(owner[starts[kept]], sizes[kept], np.array(inside) + self.within - 2 * across[kept])


def against(null: Windows, windows: Windows) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Scores (standard deviations above ordinary windows of like size) and flags at QUANTILE of them."""
    scores, flagged = np.zeros(len(windows.values)), np.zeros(len(windows.values), dtype=bool)
    null_bins, bins = np.log2(null.sizes).astype(int), np.log2(windows.sizes).astype(int)
    for size in np.unique(bins):
        like = null.values[null_bins == size]
        for below in range(size - 1, -1, -1):
            if len(like) >= LEAST_NULL:
                break
            like = np.concatenate([like, null.values[null_bins == below]])
        here = bins == size
        if len(like):
            scores[here] = (windows.values[here] - like.mean()) / max(float(like.std()), 1e-9)
            flagged[here] = windows.values[here] > np.quantile(like, QUANTILE)
    return scores, flagged


def _squared(left: Floats, right: Floats) -> Floats:
    lengths = np.square(left).sum(axis=1)[:, None] + np.square(right).sum(axis=1)[None, :]
    squared: Floats = np.maximum(lengths - 2 * left @ right.T, 0)
    return squared


def mean_kernel(squared: Floats, sigma: float) -> Floats:
    """Mean of the four kernels; each is the fourth power of the next wider one, so one exponential serves."""
    widest = np.exp(squared / (-2 * (4 * sigma) ** 2))
    second = np.square(np.square(widest))
    third = np.square(np.square(second))
    kernel: Floats = (widest + second + third + np.square(np.square(third))) / 4
    return kernel


def _pairs(window: Floats, sigma: float) -> float:
    """Mean kernel over pairs of different rows."""
    size = len(window)
    kernel = mean_kernel(_squared(window, window), sigma)
    return float((kernel.sum() - np.trace(kernel)) / (size * (size - 1)))


PEER = Peer("mmd_window", "window test (MMD, arXiv 2606.05725)", judge)
