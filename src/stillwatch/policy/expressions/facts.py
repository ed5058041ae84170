"""The variables that a set of conditions reads, taken from one call, its verdict and its standing."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING

from stillwatch.policy.expressions.condition import Condition, known_variable, variable
from stillwatch.policy.expressions.types import FIELDS, HAS
from stillwatch.records import Call, Standing, Verdict

if TYPE_CHECKING:
    import cel

OF_TIME = ("access", "overdue")  # no field of a standing, but what becomes of one
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Variables = dict[str, object]
Record = Call | Verdict | Standing


class _Fields:
    """Reads some fields of one record; the unknown ones, which are None, are left out."""

    def __init__(self, owner: str, reads: Iterable[tuple[str, str]], asks: Iterable[tuple[str, str]]) -> None:
        self.read = sorted(name for whose, name in reads if whose == owner and (whose, name) != OF_TIME)
        self.asked = sorted(name for whose, name in asks if whose == owner and (whose, name) != OF_TIME)
        self.variables = [variable(owner, name) for name in self.read]
        self.times = [name for name in self.read if FIELDS[owner][name] == "timestamp"]
        self.time_variables = [variable(owner, name) for name in self.times]
        self.known = [(known_variable(owner, name), name) for name in self.asked]
        self.get: Callable[[Record], tuple[object, ...]] | None = None
        if len(self.read) == 1:
            only = self.read[0]
            self.get = lambda record: (getattr(record, only),)
        elif self.read:
            self.get = attrgetter(*self.read)

    def put(self, record: Record, into: Variables) -> None:
        if self.get is not None:
            for name, value in zip(self.variables, self.get(record), strict=True):
                if value is not None:
                    into[name] = value
        for name in self.time_variables:
            _put_time(into, name, into[name])
        for name, field in self.known:
            into[name] = getattr(record, field) is not None


class Facts:
    """What `conditions` need to know of a call."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        asked = list(conditions)
        reads = frozenset[tuple[str, str]]().union(*(one.reads for one in asked))
        asks = frozenset[tuple[str, str]]().union(*(one.asks for one in asked))
        self.call = _Fields("call", reads, asks)
        self.verdict = _Fields("verdict", reads, asks)
        self.access = _Fields("access", reads, asks)
        self.reads_overdue, self.asks_overdue = OF_TIME in reads, OF_TIME in asks
        self.reads_now = any(one.reads_now for one in asked)

    @property
    def call_fields(self) -> frozenset[str]:
        """Fields of the call that matter, `ts` standing for the time too."""
        return frozenset((*self.call.read, *self.call.asked, *(["ts"] if self.reads_now else [])))

    def variables(self, call: Call, verdict: Verdict | None, standing: Standing | None = None) -> Variables:
        found: Variables = {}
        for owner, fields, record in (("verdict", self.verdict, verdict), ("access", self.access, standing)):
            found[HAS[owner]] = record is not None
            if record is not None:
                fields.put(record, found)
            else:
                for name, _ in fields.known:
                    found[name] = False
        if self.reads_overdue and standing is not None:
            found[variable(*OF_TIME)] = standing.overdue(call.ts)
        if self.asks_overdue:
            found[known_variable(*OF_TIME)] = standing is not None
        self.call.put(call, found)
        if self.reads_now:
            _put_time(found, "now", call.ts)
        return found


def _put_time(into: Variables, name: str, micros: object) -> None:
    """A time that no calendar holds is unknown."""
    into.pop(name, None)
    try:
        into[name] = EPOCH + timedelta(microseconds=micros)  # type: ignore[arg-type]  # TypeError is caught
    except (OverflowError, TypeError):
        return


def context_of(variables: Variables) -> "cel.Context":
    """The variables as the CEL library takes them; a value it cannot hold is unknown, and taken out."""
    import cel  # noqa: PLC0415 - loaded with the policy; what it drags in would slow every command

    try:
        return cel.Context(variables)
    except (ValueError, TypeError, OverflowError):
        context = cel.Context()
        for name in list(variables):
            _add(context, name, variables)
        return context


def _add(context: "cel.Context", name: str, variables: Variables) -> None:
    try:
        context.add_variable(name, variables[name])
    except (ValueError, TypeError, OverflowError):
        del variables[name]
