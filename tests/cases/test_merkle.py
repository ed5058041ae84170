"""The tree: published vectors, another implementation, and proofs for every size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from stillwatch.cases.merkle import (
    EMPTY,
    Frontier,
    consistency_proof,
    consistent,
    includes,
    inclusion_proof,
    leaf_hash,
    root_of,
    subtree_of,
)

# The leaves and roots that implementations of Certificate Transparency test themselves with.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots(size):
    assert root_of(leaf_hash(leaf) for leaf in LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree():
    assert root_of([]) == EMPTY
    assert EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def hashes(size):
    return [leaf_hash(str(number).encode()) for number in range(size)]


@given(size=st.integers(1, 70), data=st.data())
def test_another_implementation_agrees(size, data):
    other = InmemoryTree(algorithm="sha256")
    for number in range(size):
        other.append_entry(str(number).encode())
    own = hashes(size)
    assert other.get_root(size) == root_of(own)
    index = data.draw(st.integers(0, size - 1))
    theirs = {bytes.fromhex(one) for one in other.prove_inclusion(index + 1, size).serialize()["path"]}
    assert theirs == {own[index], *inclusion_proof(index, size, subtree_of(own))}


@given(size=st.integers(1, 300), data=st.data())
def test_every_leaf_is_proven_and_no_other(size, data):
    own = hashes(size)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, subtree_of(own))
    root = root_of(own)
    assert includes(index, size, own[index], proof, root)
    assert not includes(index, size, leaf_hash(b"forged"), proof, root)
    other = data.draw(st.integers(0, size))
    assert other == index or not includes(other, size, own[index], proof, root)
    assert not includes(index, size, own[index], [*proof, own[0]], root)
    if proof:
        assert not includes(index, size, own[index], proof[:-1], root)


@given(size=st.integers(1, 300), data=st.data())
def test_every_prefix_is_consistent_and_no_other(size, data):
    own = hashes(size)
    old = data.draw(st.integers(0, size))
    proof = consistency_proof(old, size, subtree_of(own))
    assert consistent(old, size, root_of(own[:old]), root_of(own), proof)
    if old:
        forged = [*own[: old - 1], leaf_hash(b"forged")]
        assert not consistent(old, size, root_of(forged), root_of(own), proof)
        assert not consistent(old, size, root_of(own[:old]), leaf_hash(b"forged"), proof)
    assert not consistent(old, size, root_of(own[:old]), root_of(own), [*proof, own[0]])


@given(size=st.integers(0, 300), cut=st.integers(0, 300))
def test_a_tree_goes_on_from_its_peaks(size, cut):
    own = hashes(size)
    tree = Frontier()
    for one in own[:cut]:
        tree.append(one)
    again = Frontier(tree.size, tree.peaks)
    for one in own[cut:]:
        again.append(one)
    assert again.root() == root_of(own)
