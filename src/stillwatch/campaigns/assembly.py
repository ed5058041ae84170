"""From followed suspects to findings: exchanges attributed, capability mix, haul, timeline, members."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.campaigns.attribution import Law, Traits, learn, mixture, traits
from stillwatch.campaigns.docket import FEWEST, Suspect
from stillwatch.features.ledger import HOUR
from stillwatch.features.observed import Interner, Observed
from stillwatch.features.sketchlog import TICK, Sketches
from stillwatch.features.threads import Threads
from stillwatch.features.words import mix
from stillwatch.records import CAPABILITIES, EXCHANGES, FLAGS, Interval, Micros

LEARNT_FROM = 100_000  # exchanges of a campaign from which its law is learned
OTHERS = 60_000  # exchanges of everyone else that it is held against
ATTRIBUTED = 0.5  # probability from which an exchange is attributed
SNIPPETS = 5
SURE = 2.0  # nats of log odds from which an account is named: about 7 to 1
UNHEARD = 4.0  # the same where no text is kept: what is left are things that operators and others buy alike
LATE = 96 * HOUR  # looks of the last four days decide between campaigns
ABSORBED = 0.3  # share of a campaign's accounts under which another campaign has taken it over
DEMANDED = 0.5  # elicitation from which a request demands its reasoning
NEARLY_ALL = 0.85  # share of a campaign's exchanges that demand it before it counts as fixed

Sample = tuple[Traits, np.ndarray, np.ndarray, np.ndarray]
"""Of n exchanges: traits, account, capability and task shares [n, 2, 13], and elicitation."""


class Haul(msgspec.Struct):
    """What is attributed to one campaign, gathered while its exchanges pass by."""

    capability: np.ndarray  # shares by CAPABILITIES
    demands: bool  # reasoning is demanded in nearly every exchange
    exchanges: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    first: int | None = None
    last: int | None = None
    capabilities: np.ndarray = msgspec.field(default_factory=lambda: np.zeros(len(CAPABILITIES)))
    models: dict[str, int] = {}
    present: np.ndarray = msgspec.field(default_factory=lambda: np.zeros(len(EXCHANGES), np.int64))
    intervals: list[Interval] = []
    snippets: list[str] = []


class _Threads:
    """Capability and task shares of exchanges in the light of their conversations' first turns."""

    def __init__(self) -> None:
        self._capability, self._task = Threads(), Threads()

    def shares(self, seen: Observed) -> np.ndarray:
        """float32 [n, 2, 13]: capability and task."""
        capability = self._capability.followed(seen, seen.capability)
        return np.stack([capability, self._task.followed(seen, seen.task)], axis=1)


class Attribution:
    """Two passes over the sketches: learn each campaign's law, then attribute and count."""

    def __init__(
        self, suspects: Sequence[Suspect], interner: Interner, exchanges: np.ndarray, heard: np.ndarray
    ) -> None:
        """`heard`, bool [accounts], says which accounts' texts are known."""
        self._interner = interner
        self.suspects, self._of, self.log_odds = named(suspects, heard)
        self.illicit = np.zeros(len(exchanges), np.int64)
        self._exchanges = exchanges
        self.hauls: list[Haul] = []
        self._laws: list[Law] = []

    def members(self, number: int) -> np.ndarray:
        """Account codes of a campaign; each account is in one."""
        return np.flatnonzero(self._of == number)

    def learn(self, log: Sketches) -> None:
        """First pass."""
        if not self.suspects:
            return
        sizes = np.bincount(self._of + 1, self._exchanges, len(self.suspects) + 1)
        rates = np.minimum(
            1.0, np.append(OTHERS, np.full(len(self.suspects), LEARNT_FROM)) / np.maximum(sizes, 1)
        )
        mine: list[list[Sample]] = [[] for _ in rates]
        threads = _Threads()
        for _, batch, seen in self._ticks(log):
            owner = self._of[seen.account] + 1
            chance = mix(batch.column("id").to_numpy(), np.uint64(0x9E3779B97F4A7C15)) / 2.0**64
            rows = np.flatnonzero(chance < rates[owner])
            marks = traits(seen)
            shares = threads.shares(seen)
            for number, samples in enumerate(
                mine
            ):  # an empty sample keeps the shape where nobody else is there
                chosen = rows[owner[rows] == number]
                samples.append(
                    (
                        marks.take(chosen),
                        seen.account[chosen],
                        shares[chosen],
                        seen.elicitation[chosen],
                    )
                )
        others = _joined(mine[0])[0]
        for samples in mine[1:]:
            known, account, shares, asks = _joined(samples)
            law = learn(known, account, others)
            if (self._of == len(self._laws)).sum() - law.faint.sum() >= FEWEST:
                self._of[law.accounts[law.faint]] = -1
            belongs = law.log_odds(known, account) > 0
            chosen = belongs if belongs.any() else np.ones(len(account), bool)
            demands = bool((asks[chosen] > DEMANDED).mean() >= NEARLY_ALL)
            self._laws.append(law)
            self.hauls.append(Haul(mixture(shares[chosen, int(demands)]), demands))

    def attribute(self, log: Sketches, flags: Path) -> None:
        """Second pass: write the attributed exchanges to `flags` and count them."""
        with pq.ParquetWriter(flags, FLAGS, compression="zstd") as writer:
            if not self.suspects:
                return
            threads = _Threads()
            for tick, batch, seen in self._ticks(log):
                owner = self._of[seen.account]
                shares = threads.shares(seen)
                for number in np.unique(owner[owner >= 0]):
                    rows = np.flatnonzero(owner == number)
                    writer.write_batch(self._attributed(int(number), tick, batch, seen, rows, shares))

    def _attributed(
        self,
        number: int,
        tick: int,
        batch: pa.RecordBatch,
        seen: Observed,
        rows: np.ndarray,
        shares: np.ndarray,
    ) -> pa.RecordBatch:
        haul, suspect = self.hauls[number], self.suspects[number]
        odds = self._laws[number].log_odds(traits(seen).take(rows), seen.account[rows])
        probability = 1 / (1 + np.exp(-odds))
        kept = probability >= ATTRIBUTED
        rows, probability = rows[kept], probability[kept]
        likelihood = shares[rows, int(haul.demands)]
        likely = (likelihood * haul.capability).argmax(axis=1) if len(rows) else np.zeros(0, np.int64)
        np.add.at(self.illicit, seen.account[rows], 1)
        _count(haul, tick, seen, rows, likely, self._interner.models.names)
        if len(haul.snippets) < SNIPPETS:
            texts = batch.column("snippet").take(pa.array(rows[:SNIPPETS])).to_pylist()
            haul.snippets += [text for text in texts if text][: SNIPPETS - len(haul.snippets)]
        chosen = batch.take(pa.array(rows))
        columns = [
            chosen.column("exchange_id"),
            chosen.column("account_id"),
            pa.array([suspect.campaign_id] * len(rows), pa.string()),
            pa.array(probability, pa.float64()),
            pa.array(CAPABILITIES).take(pa.array(likely)),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=FLAGS)

    def _ticks(self, log: Sketches) -> Iterator[tuple[int, pa.RecordBatch, Observed]]:
        for tick in log.ticks():
            batch = log.read(tick)
            yield tick, batch, self._interner.observe(batch)


def named(suspects: Sequence[Suspect], heard: np.ndarray) -> tuple[list[Suspect], np.ndarray, np.ndarray]:
    """Each account to the campaign that held it in most looks of late, then to the one it fits best.

    A campaign that keeps few of its accounts this way was a look's mixture of others, or went into one.
    """
    kept = list(suspects)
    since = max((at for suspect in suspects for at, _ in suspect.recent), default=0) - LATE
    while True:
        of, odds, seen = (np.full(len(heard), empty) for empty in (-1, -np.inf, -1))
        for number, suspect in enumerate(kept):
            sure = suspect.log_odds >= (
                SURE if 2 * heard[suspect.accounts].sum() > len(suspect.accounts) else UNHEARD
            )
            mine, fit, held = suspect.accounts[sure], suspect.log_odds[sure], suspect.times_held(since)[sure]
            better = (held > seen[mine]) | ((held == seen[mine]) & (fit > odds[mine]))
            of[mine[better]] = number
            odds[mine[better]] = fit[better]
            seen[mine[better]] = held[better]
        left = np.bincount(of + 1, minlength=len(kept) + 1)[1:]
        enough = [max(FEWEST, ABSORBED * len(suspect.accounts)) for suspect in kept]
        weak = [number for number in range(len(kept)) if left[number] < enough[number]]
        if not weak:
            return kept, of, odds
        del kept[min(weak, key=lambda n: left[n])]


def _joined(samples: list[Sample]) -> Sample:
    columns = np.concatenate([marks.columns for marks, *_ in samples])
    fragments = np.concatenate([marks.fragments for marks, *_ in samples])
    _, account, shares, asks = zip(*samples, strict=True)
    return (
        Traits(columns, fragments),
        np.concatenate(account),
        np.concatenate(shares),
        np.concatenate(asks),
    )


def _count(
    haul: Haul, tick: int, seen: Observed, rows: np.ndarray, likely: np.ndarray, models: list[str]
) -> None:
    if not len(rows):
        return
    haul.exchanges += len(rows)
    haul.tokens_in += _exact(seen.tokens_in[rows])
    haul.tokens_out += _exact(seen.tokens_out[rows])
    haul.first = int(seen.ts[rows].min()) if haul.first is None else haul.first
    haul.last = int(seen.ts[rows].max())
    haul.capabilities += np.bincount(likely, minlength=len(CAPABILITIES))
    codes, counts = np.unique(seen.model[rows], return_counts=True)
    named = {models[code] if code >= 0 else "unknown": int(n) for code, n in zip(codes, counts, strict=True)}
    for name, count in named.items():
        haul.models[name] = haul.models.get(name, 0) + count
    bits = np.arange(len(EXCHANGES), dtype=np.uint64)
    haul.present += ((seen.present[rows, None] >> bits) & np.uint64(1)).sum(axis=0).astype(np.int64)
    accounts = len(np.unique(seen.account[rows]))
    haul.intervals.append(Interval(Micros(tick * TICK), len(rows), accounts, named))


def _exact(counts: np.ndarray) -> int:
    """The sum of int64 counts, which a hostile log can push past int64."""
    low = np.int64(2**32 - 1)
    return (int((counts >> np.int64(32)).sum()) << 32) + int((counts & low).sum())
