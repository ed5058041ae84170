"""What the service counts about itself, for Prometheus. No label ever holds a tenant, an account or a person."""

from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10)


class Series:
    """The series of one service in a registry of their own. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "stillwatch_service_requests", "Requests answered", ["operation", "status"], registry=registry
        )
        self._seconds = Histogram(
            "stillwatch_service_seconds",
            "Seconds until an answer was complete",
            ["operation"],
            registry=registry,
            buckets=SECONDS,
        )
        self._exchanges = Counter(
            "stillwatch_service_exchanges", "Exchanges put on disk for the watch", registry=registry
        )
        self._decisions = Counter(
            "stillwatch_service_decisions", "Decisions written to the audit", registry=registry
        )
        self._appeals = Counter(
            "stillwatch_service_appeals",
            "Appeals opened, and decided as upheld or reversed",
            ["what"],
            registry=registry,
        )
        self._streams = Gauge(
            "stillwatch_service_streams", "Streams of alarms that are open", registry=registry
        )
        self._starts = Counter(
            "stillwatch_service_watch_starts", "Times the watch was started", registry=registry
        )
        self._verified = Counter(
            "stillwatch_service_verifications",
            "Answers of customers and vendors, by method and outcome",
            ["method", "outcome"],
            registry=registry,
        )

    def answered(self, operation: str, status: int, seconds: float) -> None:
        self._requests.labels(operation, str(status)).inc()
        self._seconds.labels(operation).observe(seconds)

    def spooled(self, exchanges: int) -> None:
        self._exchanges.inc(exchanges)

    def recorded(self, decisions: int) -> None:
        self._decisions.inc(decisions)

    def appealed(self, what: Literal["opened", "upheld", "reversed"]) -> None:
        self._appeals.labels(what).inc()

    def streams(self, change: int) -> None:
        self._streams.inc(change)

    def verified(self, method: str, outcome: str) -> None:
        """An answer was judged: `proved`, or the reason for which it was refused."""
        self._verified.labels(method, outcome).inc()

    def started(self) -> None:
        """The watch was started."""
        self._starts.inc()

    def text(self) -> str:
        return generate_latest(self._registry).decode()
