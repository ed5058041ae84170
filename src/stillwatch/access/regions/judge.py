"""The verdict on each account: how probable it is that it is used from, or owned in, a place that is not supported."""

from math import log

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.regions.conduct import conduct
from stillwatch.access.regions.facts import Facts, facts_of
from stillwatch.access.regions.rules import Rules
from stillwatch.access.regions.scene import Scene, scene_of
from stillwatch.access.regions.signals import FINDINGS, OF_PLACES, SIGNALS
from stillwatch.access.regions.traces import traceable, traces
from stillwatch.access.regions.weights import Tables, contributions, odds, tables, weights

SUSPECTED = 0.8  # probability from which a person should look: of five composed worlds, each left out of the fit in turn,
# four have fewer than 1 in 1,000 abroad who break no rule and reach it, and all five together have
CONTROL = 0.5  # owners of more than this share control a firm; the ownership rules hold the exact readings
OWNERS_RIGHT = 0.95  # share of ownership records that are right about who controls a firm
AT_ONCE = 4096  # accounts weighed at a time, which bounds the memory taken

EVIDENCE = pa.struct([("signal", pa.string()), ("finding", pa.string()), ("nats", pa.float64())])
VERDICTS = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        ("probability", pa.float64()),  # that the account is used from, or owned in, an unsupported place
        ("used", pa.float64()),
        ("owned", pa.float64()),
        (
            "place",
            pa.string(),
        ),  # the unsupported place that explains the account best; null where all are served
        ("evidence", pa.list_(EVIDENCE)),  # about `place`, one entry for each signal seen
        ("prior", pa.float64()),  # log-odds of `place` before the evidence, nats
        ("doubt", pa.float64()),  # nats, 0 or less: what is missing, taken as it is best for the account
        ("elsewhere", pa.float64()),  # nats, 0 or more: other unsupported places explain it too
        ("unseen", pa.list_(pa.string())),  # signals that were missing
        ("certainty", pa.float64()),  # 0 to 1: how much of what the signals can tell was seen
        ("exempt", pa.bool_()),  # an exemption covers the account, in the places it names
    ]
)
"""`used` is the logistic of prior + the nats of `evidence` + doubt + elsewhere, where it is above 0 and below 1."""


def judge(accounts: pa.Table, activity: pa.Table, rules: Rules, now: int) -> pa.Table:
    """One verdict (schema VERDICTS) for each account of either table, first those of `accounts`.

    `accounts` has columns of schema ACCOUNTS and what `signed_up` adds, any of them absent, and several versions of an account if need be: the last that is valid at `now` (microseconds) counts.
    `activity` has schema ACTIVITY, as a `Gatherer` makes it.
    """
    scene = scene_of(rules, now)
    facts = facts_of(accounts, activity, scene)
    served = _exemptions(facts, scene)
    made = tables(weights())
    weighed = _weighed(facts, scene, served, made)
    exempt = np.zeros(len(facts), bool)
    for rows, _ in served:
        exempt[rows] = True
    return _table(facts, scene, weighed, _Ending(_owned(facts, served), exempt, made))


class _Weighed(msgspec.Struct):
    """Of each account: the probability, the place that explains it best (-1 for none) and what was found about it."""

    prior: float
    used: np.ndarray
    best: np.ndarray
    found: np.ndarray  # [n, SIGNALS]
    seen: np.ndarray  # [n, SIGNALS]
    rest: np.ndarray  # nats that the other places add


class _Ending(msgspec.Struct):
    """What else a verdict is made of."""

    owned: np.ndarray
    exempt: np.ndarray
    made: Tables


def _weighed(
    facts: Facts, scene: Scene, served: list[tuple[np.ndarray, np.ndarray]], made: Tables
) -> _Weighed:
    size, places = len(facts), len(scene.unsupported)
    fitted = weights()
    prior = log(fitted.prior / max(places, 1)) - log(1 - fitted.prior)
    does, known = conduct(facts)
    found = np.concatenate([np.zeros((size, OF_PLACES), np.int8), does], axis=1)
    seen = np.concatenate([traceable(facts), known], axis=1)
    out = _Weighed(prior, np.zeros(size), np.full(size, -1), found, seen, np.zeros(size))
    for chunk, says in traces(facts, scene, AT_ONCE) if places else ():
        ratio = np.exp(prior + fitted.best + odds(made, does[chunk], says))
        for rows, columns in served:
            inside = rows[(rows >= chunk.start) & (rows < chunk.stop)] - chunk.start
            ratio[np.ix_(inside, columns)] = 0.0
        total, top = ratio.sum(axis=1), ratio.argmax(axis=1)
        row = np.arange(len(top))
        out.used[chunk] = total / (1 + total)
        out.best[chunk] = np.where(total > 0, top, -1)
        out.found[chunk, :OF_PLACES] = says[:, row, top].T
        with np.errstate(divide="ignore", invalid="ignore"):
            out.rest[chunk] = np.where(total > 0, np.log(total / ratio[row, top]), 0.0)
    out.seen &= (out.best >= 0)[:, None]
    return out


def _exemptions(facts: Facts, scene: Scene) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each exemption in force its accounts and the unsupported places in which they are served."""
    out = []
    for exemption in scene.rules.exemptions:
        if not exemption.span.holds(scene.now):
            continue
        if exemption.account is not None:
            rows = np.flatnonzero(_equals(facts.account_id, exemption.account))
        else:
            rows = np.flatnonzero(_equals(facts.org_id, exemption.organisation))
        places = exemption.places or scene.unsupported
        columns = [scene.columns[place] for place in places if place in scene.columns]
        if len(rows):
            out.append((rows, np.array(columns, np.int64)))
    return out


def _equals(column: pa.Array, value: str | None) -> np.ndarray:
    out: np.ndarray = pc.fill_null(pc.equal(column, value), False).to_numpy(zero_copy_only=False)
    return out


def _owned(facts: Facts, served: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """The probability that owners in unsupported places control the account's firm; unknown owners are held to be none."""
    outside = facts.owner.unsupported >= 0
    for rows, columns in served:
        outside &= ~(np.isin(facts.owner_owner, rows) & np.isin(facts.owner.unsupported, columns))
    share = np.bincount(facts.owner_owner[outside], facts.owner_share[outside], len(facts))
    out: np.ndarray = np.where(share > CONTROL, OWNERS_RIGHT, 0.0)
    return out


def _table(facts: Facts, scene: Scene, weighed: _Weighed, ending: _Ending) -> pa.Table:
    judged = weighed.best >= 0
    neutral = np.array([weights().neutral[signal] for signal in SIGNALS])
    nats = contributions(ending.made, weighed.found) - neutral
    has_owners = np.bincount(facts.owner_owner, minlength=len(facts)) > 0
    unseen = np.append(~weighed.seen, ~has_owners[:, None], axis=1)
    return pa.table(
        {
            "account_id": facts.account_id,
            "probability": 1 - (1 - weighed.used) * (1 - ending.owned),
            "used": weighed.used,
            "owned": ending.owned,
            "place": pa.array(scene.unsupported, pa.string()).take(pa.array(weighed.best, mask=~judged)),
            "evidence": _evidence(weighed.found, weighed.seen, nats),
            "prior": np.full(len(facts), weighed.prior),
            "doubt": np.where(judged, -(~weighed.seen @ neutral), 0.0),
            "elsewhere": weighed.rest,
            "unseen": _listed(unseen, pa.array([*SIGNALS, "owners"])),
            "certainty": weighed.seen @ neutral / neutral.sum(),
            "exempt": ending.exempt,
        },
        schema=VERDICTS,
    )


def _evidence(found: np.ndarray, seen: np.ndarray, nats: np.ndarray) -> pa.Array:
    words = pa.array([word for findings in FINDINGS.values() for word in findings])
    firsts = np.append(0, np.cumsum([len(findings) for findings in FINDINGS.values()])[:-1])
    signal = np.broadcast_to(np.arange(len(SIGNALS)), seen.shape)[seen]
    entries = pa.StructArray.from_arrays(
        [
            pa.array(SIGNALS).take(pa.array(signal)),
            words.take(pa.array((firsts + found)[seen])),
            pa.array(nats[seen]),
        ],
        fields=list(EVIDENCE),
    )
    return pa.ListArray.from_arrays(_offsets(seen), entries)


def _listed(chosen: np.ndarray, words: pa.Array) -> pa.Array:
    which = np.broadcast_to(np.arange(len(words)), chosen.shape)[chosen]
    return pa.ListArray.from_arrays(_offsets(chosen), words.take(pa.array(which)))


def _offsets(chosen: np.ndarray) -> pa.Array:
    return pa.array(np.append(0, np.cumsum(chosen.sum(axis=1))).astype(np.int32))
