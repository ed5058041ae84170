"""Merkle trees as RFC 6962 and RFC 9162 have them: roots, proofs, and their checks, which need no store."""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import TypeAlias

EMPTY = sha256(b"").digest()  # the root of a tree without leaves

Subtree: TypeAlias = Callable[[int, int], bytes]
"""The root over leaves [start, end), where `start` is a multiple of the smallest power of two that holds them."""


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing tree of which only the roots of its complete subtrees are kept, largest first."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)

    def append(self, hash_of_leaf: bytes, completed: Callable[[int, int, bytes], None] | None = None) -> None:
        """Add a leaf. `completed(level, index, hash)` hears of every subtree above leaves that becomes whole."""
        node, position, level = hash_of_leaf, self.size, 0
        while position & 1:
            node = node_hash(self.peaks.pop(), node)
            position >>= 1
            level += 1
            if completed is not None:
                completed(level, position, node)
        self.peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = node_hash(peak, node)
        return node


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over leaves that are hashed already."""
    tree = Frontier()
    for one in leaf_hashes:
        tree.append(one)
    return tree.root()


def subtree_of(leaf_hashes: Sequence[bytes]) -> Subtree:
    """Subtrees of a list in memory."""
    return lambda start, end: root_of(leaf_hashes[start:end])


def split(width: int) -> int:
    """The largest power of two below `width`: where a tree of that many leaves is cut."""
    return 1 << (width - 1).bit_length() - 1


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The siblings from leaf `index` up to the root of the tree of `size` leaves."""
    start, end = 0, size
    proof: list[bytes] = []
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            proof.append(subtree(middle, end))
            end = middle
        else:
            proof.append(subtree(start, middle))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, size: int, subtree: Subtree) -> list[bytes]:
    """What shows that the tree of `size` leaves begins with the tree of its first `old` leaves."""
    if old in (0, size):
        return []
    start, end, known = 0, size, True  # known: the verifier has the root of [start, old)
    proof: list[bytes] = []
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            proof.append(subtree(middle, end))
            end = middle
        else:
            proof.append(subtree(start, middle))
            start, known = middle, False
    return [*([] if known else [subtree(start, end)]), *proof[::-1]]


def includes(index: int, size: int, hash_of_leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that the tree with this root holds the leaf at `index` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    first, last, node = index, size - 1, hash_of_leaf
    for step in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            node = node_hash(step, node)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            node = node_hash(node, step)
        first, last = first >> 1, last >> 1
    return last == 0 and node == root


def consistent(old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the larger tree begins with the smaller one (RFC 9162, 2.1.4.2)."""
    if old == 0 or old >= size:
        same = old == size and old_root == root
        return not proof and (same or (old == 0 and old_root == EMPTY))
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    first, last = old - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    small = large = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            small, large = node_hash(step, small), node_hash(step, large)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            large = node_hash(large, step)
        first, last = first >> 1, last >> 1
    return last == 0 and small == old_root and large == root
