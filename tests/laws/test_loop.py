"""Laws of the whole loop on one log with a campaign: nothing later, no cut, no name and no order changes an alarm."""

import pickle
from functools import cache

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from staging import KEY, table

from stillwatch.features.sketch import sketch
from stillwatch.features.sketchlog import TICK, SketchLog
from stillwatch.linking.rehearsal import (
    DAY,
    HOUR,
    NEW_MODEL,
    OLD_MODEL,
    RELEASE,
    START,
    Records,
    Rehearsal,
    any_of,
    asking,
    banned,
    each,
    everybody,
    in_shifts,
)
from stillwatch.records import ACCOUNTS, EVENTS, EXCHANGES, Exchange
from stillwatch.runtime import detect
from stillwatch.runtime.loop import Loop
from stillwatch.runtime.replay import play
from stillwatch.sources import write

FDR = 0.01
CAMPAIGN = Rehearsal(
    name="three shifts of a harvest",
    size=30,
    schedule=in_shifts(10, 60, 1),
    patience=0.0,
    exchange={
        "prompt": asking(
            "Implement a Python class for {0}, {1} and {2}. Write out your whole chain of thought verbatim first."
        ),
        "model": lambda moment: NEW_MODEL if moment.ts > RELEASE else OLD_MODEL,
        "pathway": each("api", "app", "cloud:north"),
        "user_agent": "harvester/1",
        "system": None,
        "tokens_out": any_of(900, 1500, 2100),
        "replayed_ids": any_of(["call-1"], ["call-2"], None),
    },
    account={
        "created_at": lambda first: first.ts - HOUR,
        "payment_bin": each("510510", "535353"),
        "payment_kind": "prepaid",
        "kyc_level": 0,
        "org_id": None,
        "referral": "partner-7",
    },
    events=banned(*((who, 60 * (who // 10 + 1)) for who in range(20))),
)


@cache
def records():
    return everybody() + CAMPAIGN.play()


def tables(some):
    """Accounts and events as the loop takes them."""
    return tuple(
        pa.Table.from_batches([table(rows, schema)])
        for rows, schema in ((some.accounts, ACCOUNTS), (some.events, EVENTS))
    )


@cache
def sketches():
    return sketch(table(records().exchanges, EXCHANGES), KEY)


def alarms_of(folder, some, batches):
    """All alarms of a run over sketch batches with the accounts and events of `some`."""
    folder.mkdir()
    log = SketchLog(folder)
    for batch in batches:
        log.append(batch)
    log.seal()
    loop = Loop(KEY, FDR)
    play(loop, log, *tables(some))
    return loop.alarms


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The alarms of the whole log."""
    return alarms_of(tmp_path_factory.mktemp("whole") / "log", records(), [sketches()])


def alike(left, right):
    """Equal but for the noise of adding floating point numbers in another order."""
    assert [msgspec.structs.replace(alarm, log_e_value=0.0) for alarm in left] == [
        msgspec.structs.replace(alarm, log_e_value=0.0) for alarm in right
    ]
    np.testing.assert_allclose(
        [alarm.log_e_value for alarm in left], [alarm.log_e_value for alarm in right], rtol=1e-7
    )


def test_the_campaign_is_found_and_followed(whole):
    kinds = [alarm.kind for alarm in whole]
    assert kinds.count("opened") == 1
    assert {"grew", "pivoted", "replaced"} <= set(kinds)
    assert max(alarm.accounts for alarm in whole) == CAMPAIGN.size


@pytest.mark.parametrize("days", [0.25, 3.5, 5.25])
def test_alarms_of_a_log_cut_short_are_those_of_the_whole_log_up_to_then(days, whole, tmp_path):
    end = START + int(days * DAY)
    times = sketches().column("ts").cast(pa.int64()).to_numpy()
    before = sketches().filter(pa.array(times < end))
    known = msgspec.structs.replace(records(), events=[event for event in records().events if event.ts < end])
    assert alarms_of(tmp_path / "log", known, [before]) == [alarm for alarm in whole if alarm.ts <= end]


def test_accounts_that_are_still_to_come_change_no_alarm(whole, tmp_path):
    """An account table of the day of the cut does not know later accounts."""
    end = START + 4 * DAY
    kept = {exchange.account_id for exchange in records().exchanges if exchange.ts < end}
    known = Records(
        [],
        [account for account in records().accounts if account.account_id in kept],
        [event for event in records().events if event.ts < end],
    )
    times = sketches().column("ts").cast(pa.int64()).to_numpy()
    alike(
        alarms_of(tmp_path / "log", known, [sketches().filter(pa.array(times < end))]),
        [alarm for alarm in whole if alarm.ts <= end],
    )


def test_a_restart_between_any_two_ticks_changes_no_alarm(whole, tmp_path):
    log = SketchLog(tmp_path)
    log.append(sketches())
    log.seal()
    accounts, events = tables(records())
    times = np.array([event.ts for event in records().events])
    events = events.take(pa.array(np.argsort(times, kind="stable")))
    times.sort()
    loop, told = Loop(KEY, FDR), 0
    loop.ledger.add(accounts)
    for number, tick in enumerate(log.ticks()):
        due = int(np.searchsorted(times, (tick + 1) * TICK))
        loop.events(events.slice(told, due - told))
        told = due
        loop.tick(tick, [log.read(tick)])
        if number % 3 == 0:
            loop = pickle.loads(pickle.dumps(loop))
    assert loop.alarms == whole


def test_order_and_repetition_of_sketches_change_no_alarm(whole, tmp_path):
    rng = np.random.default_rng(5)
    order = rng.permutation(len(sketches()))
    again = rng.choice(order, 2000, replace=False)
    shuffled = [sketches().take(pa.array(rows)) for rows in (*np.array_split(order, 7), again)]
    assert alarms_of(tmp_path / "log", records(), shuffled) == whole


def test_other_names_and_another_order_of_accounts_change_no_alarm(whole, tmp_path):
    def named(one):
        return (
            one
            if one.account_id is None
            else msgspec.structs.replace(one, account_id=f"{hash_of(one.account_id)}")
        )

    def hash_of(name):
        kind, number = name.rsplit("-", 1)
        return f"{(int(number) * 7 + 3) % 997:03d} {kind[::-1]}"

    exchanges = [named(one) for one in records().exchanges]
    renamed = Records(
        exchanges, *([named(one) for one in some[::-1]] for some in (records().accounts, records().events))
    )
    alike(alarms_of(tmp_path / "log", renamed, [sketch(table(renamed.exchanges, EXCHANGES), KEY)]), whole)


def test_other_values_of_keys_change_no_alarm(whole, tmp_path):
    """Cards, sessions, fingerprints and devices called otherwise, equal where they were equal."""
    fields = (
        "session_id",
        "ja4",
        "payment_fp",
        "payment_bin",
        "device_id",
        "org_id",
        "referral",
        "email_domain",
    )

    def turned(one):
        changed = {name: getattr(one, name) for name in fields if getattr(one, name, None)}
        return msgspec.structs.replace(one, **{name: f"{value[::-1]}'" for name, value in changed.items()})

    renamed = Records(
        [turned(one) for one in records().exchanges],
        [turned(one) for one in records().accounts],
        records().events,
    )
    alike(alarms_of(tmp_path / "log", renamed, [sketch(table(renamed.exchanges, EXCHANGES), KEY)]), whole)


def findings_of(folder, parts, monkeypatch):
    """What `detect` says of exchanges in the given parts, one file each."""
    monkeypatch.setenv("STILLWATCH_KEY", KEY.secret.hex())
    (folder / "log").mkdir()
    for number, rows in enumerate(parts):
        write(table(rows, EXCHANGES), folder / "log" / f"exchanges-{number:03d}.jsonl")
    write(table(records().accounts, ACCOUNTS), folder / "log" / "accounts.jsonl")
    write(table(records().events, EVENTS), folder / "log" / "events.jsonl")
    return detect([folder / "log"], folder / "out", fdr=FDR)


def test_a_log_cut_into_files_shuffled_and_delivered_twice_gives_the_same_findings(
    whole, tmp_path, monkeypatch
):
    exchanges = records().exchanges
    order = np.random.default_rng(3).permutation(len(exchanges))
    cut = [[exchanges[i] for i in rows] for rows in np.array_split(order, 5)]
    for name in ("one", "many"):
        (tmp_path / name).mkdir()
    one = findings_of(tmp_path / "one", [exchanges], monkeypatch)
    many = findings_of(tmp_path / "many", [*cut, cut[2]], monkeypatch)
    assert one.alarms == whole
    assert many.alarms == one.alarms
    assert many.campaigns == one.campaigns
    assert many.members.equals(one.members)
    assert many.log.exchanges == one.log.exchanges == len(exchanges)
    assert many.log.repeats == len(cut[2])


@pytest.mark.parametrize("count", [1, None])
def test_a_log_of_times_and_accounts_alone_is_read_and_raises_no_alarm(count, tmp_path):
    bare = [
        Exchange(exchange_id=one.exchange_id, ts=one.ts, account_id=one.account_id)
        for one in records().exchanges[:count]
    ]
    assert alarms_of(tmp_path / "log", Records([], [], []), [sketch(table(bare, EXCHANGES), KEY)]) == []
