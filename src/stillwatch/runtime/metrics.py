"""What a watch counts about itself, for Prometheus. No label ever holds an account, a campaign or other log text."""

import re
import time
from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType
from typing import Literal, Self

from stillwatch.records import InvalidConfiguration, Micros, UsageError
from stillwatch.sinks import Counts, Outcome, catalogue

try:
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
except ModuleNotFoundError as missing:
    raise InvalidConfiguration("metrics need prometheus-client; pip install 'stillwatch[live]'") from missing

OTHER = "other"
KINDS = frozenset({"opened", "grew", "pivoted", "replaced", "quiet"})
REASONS = (
    ("not_json", re.compile("not JSON|JSON nested|not a whole JSON")),
    ("not_text", re.compile("not UTF-8")),
    ("too_long", re.compile("line longer than")),
    ("unknown_format", re.compile("no known log format")),
    ("unreadable", re.compile("cannot be|not .*readable|.*cut short")),
    ("missing_field", re.compile(".*is required")),
    ("bad_value", re.compile(r"[\w.]+: ")),
)
"""Classes of the reasons of rejections, the first that fits; a reason itself may quote the log."""
LOOK_SECONDS = (0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000)  # a look takes under a second to minutes, by accounts

Queue = Literal["sketches"]


class Metrics:
    """The series of one watch in a registry of their own. Every method may be called from any thread."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._exchanges = Counter("stillwatch_exchanges", "Exchanges taken in", registry=registry)
        self._late = Counter("stillwatch_exchanges_late", "Exchanges behind the watermark", registry=registry)
        self._repeated = Counter("stillwatch_exchanges_repeated", "Exchanges seen before", registry=registry)
        self._rejected = Counter(
            "stillwatch_rejected", "Records that could not be read", ["reason"], registry=registry
        )
        self._ticks = Counter("stillwatch_ticks", "Ticks of event time worked through", registry=registry)
        self._looks = Histogram(
            "stillwatch_look_seconds",
            "Seconds a look at the population took",
            registry=registry,
            buckets=LOOK_SECONDS,
        )
        self._queue = Gauge("stillwatch_queue_size", "Entries that wait", ["queue"], registry=registry)
        self._alarms = Counter("stillwatch_alarms", "Alarms raised", ["kind"], registry=registry)
        self._open = Gauge("stillwatch_campaigns_open", "Campaigns followed now", registry=registry)
        self._deliveries = Counter(
            "stillwatch_deliveries", "Tries to deliver an alarm", ["sink", "outcome"], registry=registry
        )
        self._behind = Gauge(
            "stillwatch_delivery_lag_seconds",
            "Age of the oldest alarm still to be delivered",
            ["sink"],
            registry=registry,
        )
        self._watermark: float | None = None
        self._snapshot: float | None = None
        for name, said, age in (
            ("watermark_lag", "Seconds between now and the watermark", self._watermark_lag),
            ("snapshot_age", "Seconds since the state was saved", self._snapshot_age),
        ):
            Gauge(f"stillwatch_{name}_seconds", said, registry=registry).set_function(age)

    def took(self, exchanges: int, *, late: int = 0, repeated: int = 0) -> None:
        """Exchanges of one batch: taken in, and left out as late or repeated."""
        self._exchanges.inc(exchanges)
        self._late.inc(late)
        self._repeated.inc(repeated)

    def rejected(self, reason: str, count: int = 1) -> None:
        """A rejection, by the class of its reason."""
        self._rejected.labels(reason_class(reason)).inc(count)

    def ticked(self, watermark: Micros) -> None:
        """A tick was worked through; event time is complete up to `watermark`."""
        self._ticks.inc()
        self._watermark = watermark / 1e6

    def looked(self, seconds: float, campaigns_open: int) -> None:
        self._looks.observe(seconds)
        self._open.set(campaigns_open)

    def queued(self, queue: Queue, size: int) -> None:
        self._queue.labels(queue).set(size)

    def alarmed(self, kind: str) -> None:
        self._alarms.labels(kind if kind in KINDS else OTHER).inc()

    def delivery(self, scheme: str, outcome: Outcome) -> None:
        """One try of an outbox; give this method to it as `observe`."""
        self._deliveries.labels(_sink(scheme), outcome).inc()

    def follow(self, schemes: Sequence[str], counts: Callable[[], Sequence[Counts]]) -> None:
        """Read the lag of an outbox's sinks, whose schemes these are, whenever the metrics are read."""
        for sink in {_sink(scheme) for scheme in schemes}:
            self._behind.labels(sink).set_function(partial(_longest_lag, sink, counts))

    def saved(self, at: float | None = None) -> None:
        """The state was saved at `at` (seconds since 1970), or now."""
        self._snapshot = time.time() if at is None else at

    def _watermark_lag(self) -> float:
        return _age(self._watermark)

    def _snapshot_age(self) -> float:
        return _age(self._snapshot)


class Server:
    """Serves `/metrics` over HTTP until it is closed. It asks for no password: keep it on a private address."""

    def __init__(self, metrics: Metrics, host: str = "127.0.0.1", port: int = 0) -> None:
        """Port 0 takes any free one. Raises UsageError when the address cannot be had."""
        try:
            self._server, self._thread = start_http_server(port, host, metrics.registry)
        except (OSError, OverflowError) as error:
            raise UsageError(f"metrics cannot be served on {host}:{port}: {error}") from error
        self.port: int = self._server.server_port

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def reason_class(reason: str) -> str:
    """The class of a rejection's reason."""
    return next((name for name, fits in REASONS if fits.match(reason)), OTHER)


def _sink(scheme: str) -> str:
    known = {name for kind in catalogue().values() for name in kind.schemes}
    return scheme if scheme in known else OTHER


def _longest_lag(sink: str, counts: Callable[[], Sequence[Counts]]) -> float:
    return max((one.lag for one in counts() if _sink(one.scheme) == sink), default=0.0)


def _age(since: float | None) -> float:
    return float("nan") if since is None else time.time() - since
