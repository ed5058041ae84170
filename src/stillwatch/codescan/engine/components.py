"""Strongly connected components of a graph, each after all that it leads to (Tarjan, 1972), without recursion."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Iterator

Node = TypeVar("Node", bound="Hashable")


def components(roots: Iterable[Node], following: Callable[[Node], Collection[Node]]) -> Iterator[list[Node]]:
    """Groups of nodes that lead to each other, from all that can be reached; time and memory are linear in the edges."""
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    stacked: set[Node] = set()

    def enter(node: Node) -> tuple[Node, Iterator[Node]]:
        index[node] = low[node] = len(index)
        stack.append(node)
        stacked.add(node)
        return node, iter(following(node))

    for root in roots:
        way = [enter(root)] if root not in index else []
        while way:
            node, rest = way[-1]
            for other in rest:
                if other not in index:
                    way.append(enter(other))
                    break
                if other in stacked:
                    low[node] = min(low[node], index[other])
            else:
                way.pop()
                if way:
                    low[way[-1][0]] = min(low[way[-1][0]], low[node])
                if low[node] == index[node]:
                    group = _taken(stack, node)
                    stacked.difference_update(group)
                    yield group


def _taken(stack: list[Node], until: Node) -> list[Node]:
    """What lies on the stack down to a node, which is taken off."""
    group: list[Node] = []
    while not group or group[-1] != until:
        group.append(stack.pop())
    return group
