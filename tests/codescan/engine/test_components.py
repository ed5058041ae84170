"""Strongly connected components against reachability worked out one pair at a time."""

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.codescan.engine.components import components

SIZE = 8
GRAPHS = st.lists(st.sets(st.integers(0, SIZE - 1)), min_size=SIZE, max_size=SIZE)


def reached(graph: list[set[int]], start: int) -> set[int]:
    seen, todo = {start}, [start]
    while todo:
        for other in graph[todo.pop()] - seen:
            seen.add(other)
            todo.append(other)
    return seen


@given(GRAPHS, st.sets(st.integers(0, SIZE - 1)))
def test_components_are_those_of_mutual_reachability_and_come_after_what_they_lead_to(
    graph: list[set[int]], roots: set[int]
) -> None:
    groups = list(components(roots, lambda node: graph[node]))
    assert sorted(node for group in groups for node in group) == sorted(
        set().union(*(reached(graph, root) for root in roots))
    )
    done: set[int] = set()
    for group in groups:
        for node in group:
            mutual = {other for other in reached(graph, node) if node in reached(graph, other)}
            assert mutual == set(group)
        done.update(group)
        assert set().union(*(graph[node] for node in group)) <= done


def test_a_long_chain_needs_no_stack() -> None:
    assert len(list(components([0], lambda node: {node + 1} if node < 50_000 else set()))) == 50_001
