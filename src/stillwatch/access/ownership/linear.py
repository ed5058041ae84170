"""What share of each entity leads back to given owners: the equation of indirect ownership, also in cycles.

With `held[j, i]` the share of j that i holds, and the value of some entities given, the value of every other is

    value[j] = given_inflow[j] + sum over i of held[j, i] * value[i]

the least solution that is not negative. Read as a walk from an entity to one of its owners, chosen by its share,
and on from there, it is the chance that the walk ends at a given owner: cross-holdings are walked through as often
as they come, and a ring that nobody outside owns counts nothing.

Sums over ever longer chains (a Neumann series) end soon unless a cycle holds nearly the whole of itself or a chain is
very long. What is left then is solved as a linear system: entities that reach each other as one block, blocks in order.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csc_array, csr_array, eye_array
from scipy.sparse.csgraph import breadth_first_order, connected_components
from scipy.sparse.linalg import LinearOperator, gmres, splu

from stillwatch.access.ownership.graph import Floats, Ints, Mask

SWEEPS = 24  # a chain of owners of that length is rare; beyond it the system is solved
SETTLED = 1e-15  # a step below this changes no share that can be told apart
TOLERANCE = 1e-11  # of the remainder, where a block is too large to be solved at once
BLOCK = 512  # entities in a cycle that are solved at once
RESTARTS, INNER = 50, 40


class Solved(NamedTuple):
    """Values, and the largest error in the equation that is left."""

    value: Floats
    remainder: float


def solve(held: csr_array, fixed: Mask, value: Floats, inflow: Floats | None = None) -> Solved:
    """The least solution with `value` where it is `fixed`; `inflow` is added everywhere else."""
    start = np.where(fixed, value, 0.0 if inflow is None else inflow)
    total, step = start.copy(), start
    for _ in range(SWEEPS):
        step = held @ step
        step[fixed] = 0.0
        largest = float(step.max(initial=0.0))
        total += step
        if largest <= SETTLED:
            return Solved(np.minimum(total, 1.0), 0.0)
    rest, remainder = _exactly(held, fixed, step)
    return Solved(np.minimum(total + rest, 1.0), remainder)


def _exactly(held: csr_array, fixed: Mask, step: Floats) -> tuple[Floats, float]:
    """The sum of all steps after this one: (I - H)^-1 H step, on the entities that they reach."""
    holds = held.T.tocsr()
    touched = reached(holds, step > SETTLED)
    touched = touched[~fixed[touched]]
    block = held[touched][:, touched]
    order, labels = _in_order(block)
    block = block[order][:, order]
    right = block @ step[touched][order]
    system = (eye_array(len(order), format="csr") - block).tocsr()
    solved, remainder = _in_blocks(system, labels, right)
    rest = np.zeros_like(step)
    rest[touched[order]] = np.maximum(solved, 0.0)
    return rest, remainder


def reached(graph: csr_array, begin: Mask) -> Ints:
    """Rows that are reached from some of them, along a matrix with a value for each step; in order."""
    size, first = graph.shape[0], np.flatnonzero(begin)
    starts = np.append(graph.indptr, graph.indptr[-1] + len(first)).astype(np.int32)
    whole = csr_array(
        (np.ones(starts[-1]), np.concatenate([graph.indices, first]).astype(np.int32), starts),
        shape=(size + 1, size + 1),
    )
    found = breadth_first_order(whole, size, return_predecessors=False)
    return np.sort(found[found < size])


def _in_order(block: csr_array) -> tuple[Ints, Ints]:
    """An order in which owners outside an entity's own cycle come first, and each one's cycle in that order."""
    count, labels = connected_components(block, directed=True, connection="strong")
    rows = np.repeat(np.arange(block.shape[0]), np.diff(block.indptr))
    between = labels[rows] != labels[block.indices]
    if between.any() and (labels[rows[between]] < labels[block.indices[between]]).any():
        labels = count - 1 - labels
        if (labels[rows[between]] < labels[block.indices[between]]).any():
            raise AssertionError("components are numbered in an order of their graph")
    order = np.argsort(labels, kind="stable").astype(np.int32)
    return order, labels[order]


def _in_blocks(system: csr_array, labels: Ints, right: Floats) -> tuple[Floats, float]:
    """Solve exactly but for cycles of more than BLOCK entities, on which the rest is iterated."""
    rows = np.repeat(np.arange(len(labels)), np.diff(system.indptr))
    large = np.bincount(labels)[labels] > BLOCK
    inside = (labels[rows] == labels[system.indices]) & large[rows] & (system.indices > rows)
    near = csc_array((system.data[~inside], (rows[~inside], system.indices[~inside])), shape=system.shape)
    # The diagonal of such a system dominates, so it needs no pivots and keeps its order.
    factors = splu(near, permc_spec="NATURAL", diag_pivot_thresh=0.0, options={"SymmetricMode": False})
    solved = factors.solve(right)
    scale = float(np.abs(right).max(initial=0.0)) or 1.0
    left = right - system @ solved
    if inside.any() and float(np.abs(left).max(initial=0.0)) > TOLERANCE * scale:
        size = system.shape
        solved, _ = gmres(
            system, right, x0=solved, rtol=TOLERANCE, atol=TOLERANCE * scale, restart=INNER, maxiter=RESTARTS,
            M=LinearOperator(size, factors.solve),
        )  # fmt: skip
        left = right - system @ solved
    return solved, float(np.abs(left).max(initial=0.0))
