"""Laws of the whole loop on one log with a campaign: nothing later, no cut, no name and no order changes an alarm."""

import pickle

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from harvest import CAMPAIGN, FDR, alarms_of, alike, records, sketches, tables
from staging import KEY, table

from stillwatch.features.sketch import sketch
from stillwatch.features.sketchlog import TICK, SketchLog
from stillwatch.linking.rehearsal import (
    DAY,
    START,
    Records,
)
from stillwatch.records import ACCOUNTS, EVENTS, EXCHANGES, Exchange
from stillwatch.runtime import detect
from stillwatch.runtime.loop import Loop
from stillwatch.sources import write


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The alarms of the whole log."""
    return alarms_of(tmp_path_factory.mktemp("whole") / "log", records(), [sketches()])


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
        loop.tick(tick, log.read(tick))
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
