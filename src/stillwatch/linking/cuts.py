"""Where a cluster falls into two: the cut that severs least of what its accounts share.

Accounts and keys of a cluster form a bipartite graph, in which a key weighs the more the rarer it is outside
and the fewer keys of its family the account has. The singular vectors of its normalised adjacency matrix after the first are relaxations of
cuts that sever little of that weight (Dhillon 2001, co-clustering by spectral bipartition), so what two
operators bought from the same sellers does not hold them together if all else differs.
"""

from collections.abc import Iterator

import msgspec
import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

from stillwatch.features.distinct import grouped
from stillwatch.linking.keyring import FAMILIES
from stillwatch.linking.keytable import KeyTable

SHARED = 3  # accounts of the cluster that must hold a key
DENSE = 80  # accounts or keys, whichever are fewer, up to which the matrix is decomposed whole
VECTORS = 4  # singular vectors tried
OWN_KEY = 0.9  # share of a key's holders on one side that makes it that side's own
ASKS_APART = 0.35  # share of each side's texts that are its own, above which the sides are two clusters
ALL_APART = 0.7  # the same of keys of all families
STRANGERS_APART = (
    0.6  # the same of sides that no text joins: the two who differ in all but the hour and the fashion
)
UNHEARD_APART = (
    0.48  # the same where no text is kept: lots of one operator reach 0.42, operators begin at 0.52
)
JOINED = 0.5  # share of each side's texts that are of both, from which texts join them
LEAST_RARITY = 0.05  # nats
TEXT = FAMILIES.index("text")


class _Shared(msgspec.Struct, frozen=True):
    """Edges of a cluster to keys that several of its accounts hold."""

    accounts: int
    keys: int
    owner: np.ndarray
    key: np.ndarray
    family: np.ndarray
    weight: np.ndarray
    heard: np.ndarray  # bool [accounts]: texts of it are known, shared or not


def least_cut(table: KeyTable, accounts: np.ndarray, smallest: int) -> np.ndarray | None:
    """One side, bool [accounts], of the cut that leaves both sides most to themselves; None if they are one."""
    shared = _shared(table, accounts)
    if shared is None or min(shared.accounts, shared.keys) < VECTORS:
        return None
    best, chosen = 1.0, None
    for side in _sides(shared):
        if smallest <= side.sum() <= len(side) - smallest and (apart := _apart(shared, side)) > best:
            best, chosen = apart, side
    return chosen


def are_two(table: KeyTable, first: np.ndarray, second: np.ndarray) -> bool:
    """Two disjoint sets of accounts ask for different things, or share next to nothing."""
    shared = _shared(table, np.concatenate([first, second]))
    side = np.arange(len(first) + len(second)) < len(first)
    return shared is None or _apart(shared, side) > 1.0


def _sides(shared: _Shared) -> Iterator[np.ndarray]:
    """Cuts to try: the largest piece against the rest where nothing joins them, or those of the vectors."""
    pieces = _pieces(shared)
    sizes = np.bincount(pieces)
    if len(sizes) > 1:
        yield pieces == sizes.argmax()
        return
    for vector in _vectors(shared):
        yield vector > _threshold(vector)


def _pieces(shared: _Shared) -> np.ndarray:
    """The connected piece of each account."""
    size = shared.accounts + shared.keys
    ends = shared.owner, shared.accounts + shared.key
    graph = coo_array((np.ones(len(shared.owner)), ends), shape=(size, size))
    pieces = connected_components(graph, directed=False)[1][: shared.accounts]
    return grouped(pieces).which


def _shared(table: KeyTable, accounts: np.ndarray) -> _Shared | None:
    edges, owner = table.edges_of(accounts)
    held = grouped(table.key[edges])
    kept = held.counts[held.which] >= SHARED
    edges, owner = edges[kept], owner[kept]
    held = grouped(table.key[edges])
    keys, key = held.values, held.which
    if not len(keys):
        return None
    family = table.family[keys][key]
    place = owner * len(FAMILIES) + family
    weight = _rarity(table, keys, np.bincount(key), len(accounts))[key]
    weight /= np.bincount(place, minlength=len(accounts) * len(FAMILIES))[place]
    heard = table.shown[accounts, TEXT]
    return _Shared(len(accounts), len(keys), owner, key, family, weight, heard)


def _rarity(table: KeyTable, keys: np.ndarray, inside: np.ndarray, accounts: int) -> np.ndarray:
    """Log of how much commoner each key is in the cluster than outside, at least a little."""
    others = max(int(table.stratum_size.sum()) - accounts, 1)
    outside = (table.degree[keys] - inside + 0.5) / (others + 1)
    out: np.ndarray = np.maximum(np.log(inside / accounts / outside), LEAST_RARITY)
    return out


def _vectors(shared: _Shared) -> Iterator[np.ndarray]:
    """Singular vectors over accounts after the first, largest values first, rescaled to be flat within a piece."""
    shape = (shared.accounts, shared.keys)
    of_account = np.maximum(np.bincount(shared.owner, shared.weight, shape[0]), 1e-9)
    of_key = np.bincount(shared.key, shared.weight, shape[1])
    scaled = shared.weight / np.sqrt(of_account[shared.owner] * of_key[shared.key])
    matrix = csr_array((scaled, (shared.owner, shared.key)), shape=shape)
    if min(shape) <= DENSE:
        left, values = leading(matrix.toarray(), VECTORS + 1)
    else:
        left, values = sparse_leading(matrix, VECTORS + 1)
    for number in np.argsort(-values, kind="stable")[1 : VECTORS + 1]:
        yield left[:, number] / np.sqrt(of_account)


def leading(matrix: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Left singular vectors of the largest singular values, and the values.

    By the eigenvectors of the smaller product with the transpose: LAPACK's divide-and-conquer SVD fails to
    converge on some such matrices in some builds of OpenBLAS, and only large values are wanted.
    """
    rows, columns = matrix.shape
    squared, vectors = np.linalg.eigh(matrix @ matrix.T if rows <= columns else matrix.T @ matrix)
    values = np.sqrt(np.maximum(squared[-count:], 0.0))
    vectors = vectors[:, -count:]
    return vectors if rows <= columns else matrix @ vectors / np.maximum(values, 1e-9), values


def sparse_leading(matrix: csr_array, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The same of a sparse matrix, by Lanczos iteration from a fixed start, so that it can be repeated."""
    rows, columns = matrix.shape
    across = matrix if rows <= columns else matrix.T.tocsr()
    back = across.T.tocsr()
    side = min(rows, columns)
    product = LinearOperator((side, side), matvec=lambda vector: across @ (back @ vector), dtype=np.float64)
    rng = np.random.default_rng(0)
    start = 0.5 + rng.random(side)  # equal entries would never find a cut between mirrored sides
    try:
        squared, vectors = eigsh(product, k=count, v0=start, tol=1e-9, rng=rng)
    except ArpackNoConvergence:
        return leading(matrix.toarray(), count)
    values = np.sqrt(np.maximum(squared, 0.0))
    return vectors if rows <= columns else matrix @ vectors / np.maximum(values, 1e-9), values


def _threshold(vector: np.ndarray) -> float:
    """The value that parts a line of numbers into two with the least spread within (2-means)."""
    line = np.sort(vector)
    first = np.arange(1, len(line))
    running = np.cumsum(line)
    gain = running[:-1] ** 2 / first + (running[-1] - running[:-1]) ** 2 / (len(line) - first)
    return float(line[gain.argmax()])


def _apart(shared: _Shared, side: np.ndarray) -> float:
    """How far each side keeps to keys of its own, the lesser of both; above one they are two clusters."""
    on_side = np.bincount(shared.key, side[shared.owner]) / np.bincount(shared.key)
    mine = side[shared.owner]
    own = np.where(mine, on_side[shared.key], 1 - on_side[shared.key]) >= OWN_KEY
    text = shared.family == TEXT
    everything = _lesser(shared, mine, own, np.ones(len(mine), bool))
    if not text.any():
        return everything / UNHEARD_APART
    asks = all((mine[text] == half).any() for half in (True, False)) and _lesser(shared, mine, own, text)
    heard = all(2 * shared.heard[side == half].sum() > (side == half).sum() for half in (True, False))
    strangers = heard and _lesser(shared, mine, ~own, text) < JOINED
    return max(asks / ASKS_APART, everything / (STRANGERS_APART if strangers else ALL_APART))


def _lesser(shared: _Shared, mine: np.ndarray, chosen: np.ndarray, among: np.ndarray) -> float:
    """The lesser of both sides' shares of weight, among some edges, that is on chosen ones."""
    shares = []
    for half in (True, False):
        here = among & (mine == half)
        total = shared.weight[here].sum()
        shares.append(float(shared.weight[here & chosen].sum() / total) if total else 0.0)
    return min(shares)
