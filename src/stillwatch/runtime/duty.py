"""What a watch does beside watching: alarms are told, verdicts published, findings written, series counted."""

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec
import pyarrow as pa

from stillwatch.features.key import SketchKey
from stillwatch.features.sketchlog import TICK
from stillwatch.policy.publish import VERDICTS, publish
from stillwatch.records import Alarm, Micros, Notice, StillwatchError
from stillwatch.runtime.asking import Asking, Asks, facts_of
from stillwatch.runtime.casework import Books, Casework, enter
from stillwatch.runtime.concluding import Concluder, conclude_now, order, sweep
from stillwatch.runtime.following import Hooks
from stillwatch.runtime.judging_regions import JudgingRegions, Regions
from stillwatch.runtime.key_publishing import key_publishing
from stillwatch.runtime.resting import Resting
from stillwatch.runtime.verdicts import verdicts
from stillwatch.runtime.watch import Watch
from stillwatch.sinks import Outbox, Outcome, append

if TYPE_CHECKING:
    from types import TracebackType

    from stillwatch.runtime.metrics import Metrics

ALARMS = "alarms.jsonl"
CONCLUDE_EVERY = 4  # ticks after which findings are written anew although nothing was alarmed: once a day
NEWCOMERS_EVERY = 1.0  # seconds between verdicts that are published for the sake of newcomers, at the least
NEWCOMERS_SHARE = 10.0  # publishing for their sake may take a tenth of the time
LEAVE = 10.0  # seconds that alarms on their way, and the last look at the store, have when the watch ends
LOG = logging.getLogger(__name__)


class Post(msgspec.Struct, frozen=True):
    """Where things go."""

    out: Path  # findings
    verdicts: Path  # the file that gateways look up
    name: str = "watch"
    tenant: str = "default"
    alarm_to: Sequence[str] = ()  # URLs of sinks
    link_base: str | None = None
    books: Books | None = None  # where campaigns become cases
    spools: Sequence[Path] = ()  # where gateways write decisions
    asks: Asks | None = None  # by which accounts are asked to prove levels; needs books
    key: SketchKey | None = None  # of the lots that asks draw
    regions: Regions | None = None  # by which accounts are judged, for the levels they are asked


class Duty:
    """Does it. Use as a context: it ends with the alarms delivered, or kept for the next time."""

    def __init__(
        self, home: Path, post: Post, say: Callable[[Notice], None], metrics: "Metrics | None" = None
    ) -> None:
        self._home, self._post, self._say, self._metrics = home, post, say, metrics
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (post.out, post.verdicts.parent):
            folder.mkdir(parents=True, exist_ok=True)
        observe = _unobserved if metrics is None else metrics.delivery
        self._box = Outbox(home / ALARMS, home / "outbox", post.alarm_to, observe=observe)
        if metrics is not None:
            metrics.follow([one.scheme for one in self._box.counts()], self._box.counts)
        sweep(home)
        self._cases = (
            None
            if post.books is None
            else Casework(
                post.books,
                home,
                post.verdicts,
                post.spools,
                _asking(home, post),
                keys=key_publishing(post.out, post.key),
            )
        )
        judges = post.regions is not None and post.asks is not None and self._cases is not None
        self._regions = JudgingRegions(post.regions) if judges and post.regions is not None else None
        self._known = _ids(home / ALARMS)
        self._stale = True  # the file of verdicts is to be written
        self._moved = False  # a tick has ended since regions were judged
        self._told = 0  # of the loop's alarms
        self._concluder = Concluder()
        self._concluded = -CONCLUDE_EVERY
        self._capabilities: dict[str, str] = {}
        self._counted: dict[str, int] = {}
        self._newcomers = VERDICTS.empty_table()
        self._newcomers_from = 0.0  # of the monotonic clock: when verdicts of newcomers are looked at again
        self._publishing, self._telling = Resting(), Resting()

    @property
    def hooks(self) -> Hooks:
        return Hooks(closed=self._closed, round=self._round, warned=LOG.warning)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        at_once = kind is not None and not issubclass(kind, Exception)  # a second interrupt
        self._concluder.finish(0.0 if at_once else None)
        if self._cases is not None:
            self._cases.close(0.0 if at_once else LEAVE)
        if not self._box.close(0.0 if at_once else LEAVE):
            LOG.warning("alarms are still on their way; they are sent when the watch is started again")

    def conclude(self, watch: Watch) -> int:
        """Write the findings of this moment; returns how many campaigns they hold."""
        self._tell(watch)
        while self._moved and self._publish(watch):
            pass  # some accounts at a time
        self._concluder.finish()
        findings = conclude_now(order(watch, self._post.out))
        if findings is not None and self._post.books is not None and self._cases is not None:
            try:
                enter(self._post.books, findings.campaigns, findings.members)
                self._cases.concluded()
            except StillwatchError as error:
                LOG.warning("the findings did not become cases; the next conclusion tries again: %s", error)
        return 0 if findings is None else len(findings.campaigns)

    def _closed(self, watch: Watch, tick: int, alarms: list[Alarm], seconds: float) -> None:
        loop = watch.state.loop
        self._stale = self._stale or loop.looked_at == (tick + 1) * TICK
        self._moved = self._regions is not None
        if alarms or tick >= self._concluded + CONCLUDE_EVERY:
            self._concluded = tick
            self._concluder.ask(lambda: order(watch, self._post.out, self._post.books))
        if self._metrics is not None:
            self._metrics.ticked(Micros((tick + 1) * TICK))
            self._metrics.looked(seconds, len(loop.court.docket.standing()))
            self._metrics.saved()

    def _round(self, watch: Watch) -> None:
        if self._telling.over:
            self._tell(watch)
        if self._concluder.step():
            self._capabilities = _capabilities(self._post.out)
            if self._cases is not None:
                self._cases.concluded()
            self._stale = True
        if time.monotonic() >= self._newcomers_from:
            fresh = watch.newcomers.news(Micros(time.time_ns() // 1000))
            if fresh is not None:
                self._newcomers, self._stale = fresh, True
            self._stale = self._stale or self._moved
        if self._stale and self._publishing.over:
            self._publish(watch)
        self._count(watch)

    def _tell(self, watch: Watch) -> None:
        alarms = watch.state.loop.alarms
        fresh = []
        for number in range(self._told, len(alarms)):
            name = alarm_id(watch.state.name, number, alarms[number])
            if name not in self._known:
                fresh.append(self._notice(name, alarms[number]))
        if fresh:
            try:
                append(self._home / ALARMS, fresh)
            except OSError as error:
                if self._telling.failed(f"{self._home / ALARMS}: {error.strerror}"):
                    LOG.warning("%s: %s; alarms wait", self._home / ALARMS, error.strerror)
                return
            self._telling.succeeded()
            self._box.wake()
        self._known.update(notice.alarm_id for notice in fresh)
        self._told = len(alarms)
        for notice in fresh:
            self._say(notice)
            if self._metrics is not None:
                self._metrics.alarmed(notice.alarm.kind)

    def _notice(self, name: str, alarm: Alarm) -> Notice:
        return Notice(
            alarm_id=name,
            alarm=alarm,
            tenant=self._post.tenant,
            watch=self._post.name,
            written_at=Micros(time.time_ns() // 1000),
            case_id=None if self._cases is None else self._cases.case_of(alarm.campaign_id),
            link_base=self._post.link_base,
        )

    def _publish(self, watch: Watch) -> bool:
        """Whether verdicts went out."""
        begun, went_out = time.monotonic(), False
        rows = pa.concat_tables([verdicts(watch.state.loop, self._capabilities), self._newcomers])
        try:
            if self._cases is not None:
                self._cases.offer(rows, None if self._post.asks is None else self._facts(watch))
            else:
                publish(self._post.verdicts, rows, time.time_ns() // 1000)
        except StillwatchError as error:
            if self._publishing.failed(str(error)):
                LOG.warning("%s; gateways go on with older verdicts", error)
        else:
            self._publishing.succeeded()
            self._stale, went_out = False, True
            self._moved = self._regions is not None and self._regions.behind(watch.whereabouts)
        took = time.monotonic() - begun
        self._newcomers_from = begun + max(NEWCOMERS_EVERY, NEWCOMERS_SHARE * took)
        return went_out

    def _facts(self, watch: Watch) -> pa.Table:
        """What the watch knows of accounts where levels are asked (schema FACTS)."""
        facts = facts_of(watch.state.loop)
        if watch.state.signups is not None:
            facts = watch.state.signups.told(facts)
        if self._regions is not None and watch.whereabouts is not None:
            facts = self._regions.told(watch.whereabouts, facts)
        return facts

    def _count(self, watch: Watch) -> None:
        refused, watch.refused = watch.refused, []
        if self._metrics is None:
            return
        for rejection in refused:
            self._metrics.rejected(rejection.reason)
        counts = {**watch.counts, "repeats": watch.state.repeats}
        grown = {name: count - self._counted.get(name, 0) for name, count in counts.items()}
        self._counted = counts
        self._metrics.took(
            grown.get("exchanges", 0), late=grown.get("late", 0), repeated=max(grown["repeats"], 0)
        )
        self._metrics.queued("sketches", len(watch.arrivals.waiting))


def _asking(home: Path, post: Post) -> Asking | None:
    if post.asks is None or post.key is None:
        return None
    post.asks.standings.parent.mkdir(parents=True, exist_ok=True)
    return Asking(post.asks, home, post.key, post.name)


def _unobserved(_scheme: str, _outcome: Outcome) -> None:
    """Nobody counts."""


def alarm_id(state: bytes, number: int, alarm: Alarm) -> str:
    """A name that follows from whose alarm it is, which one, and what it says; the evidence is left aside."""
    said = msgspec.json.encode(msgspec.structs.replace(alarm, log_e_value=0.0))
    return hashlib.blake2b(state + b"/%d/" % number + said, digest_size=12).hexdigest()


def _ids(path: Path) -> set[str]:
    if not path.exists():
        return set()
    *lines, _ = path.read_bytes().split(b"\n")  # a tail that a killed process left is cut off by `append`
    return {msgspec.json.decode(line, type=_Named).alarm_id for line in lines}


class _Named(msgspec.Struct):
    alarm_id: str


class _Share(msgspec.Struct):
    capability: str


class _Campaign(msgspec.Struct):
    campaign_id: str
    capabilities: list[_Share]


class _Findings(msgspec.Struct):
    campaigns: list[_Campaign]


def _capabilities(out: Path) -> dict[str, str]:
    """What each campaign of the latest findings mostly takes."""
    path = out / "campaigns.json"
    if not path.exists():
        return {}
    found = msgspec.json.decode(path.read_bytes(), type=_Findings)
    return {one.campaign_id: one.capabilities[0].capability for one in found.campaigns if one.capabilities}
