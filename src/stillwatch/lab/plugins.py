"""Cohorts and operators are found by walking their folders: a new one is one new file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from stillwatch.lab import cohorts, operators
from stillwatch.lab.operators.plan import Operator
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


@dataclass(frozen=True)
class Cohort:
    """A benign group that shares something with campaigns; `build` yields its instances."""

    name: str
    build: Callable[[World], Iterator[Slice]]


def benign_cohorts() -> dict[str, Cohort]:
    """Every benign cohort, by name."""
    names = sorted(module.name for module in iter_modules(cohorts.__path__))
    return {name: Cohort(name, import_module(f"{cohorts.__name__}.{name}").build) for name in names}


def catalogue() -> dict[str, Operator]:
    """Every operator, by id."""
    modules = [
        import_module(f"{operators.__name__}.{module.name}") for module in iter_modules(operators.__path__)
    ]
    found = [module.OPERATOR for module in modules if hasattr(module, "OPERATOR")]
    return {operator.id: operator for operator in found}
