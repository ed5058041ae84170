"""One log with a campaign in it, and the alarms that a run raises on it."""

from functools import cache

import msgspec
import numpy as np
import pyarrow as pa
from staging import KEY, table

from stillwatch.features.sketch import sketch
from stillwatch.features.sketchlog import SketchLog
from stillwatch.linking.rehearsal import (
    HOUR,
    NEW_MODEL,
    OLD_MODEL,
    RELEASE,
    Rehearsal,
    any_of,
    asking,
    banned,
    each,
    everybody,
    in_shifts,
)
from stillwatch.records import ACCOUNTS, EVENTS, EXCHANGES
from stillwatch.runtime.loop import Loop
from stillwatch.runtime.replay import play

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


def alike(left, right):
    """Equal but for the noise of adding floating point numbers in another order."""
    assert [msgspec.structs.replace(alarm, log_e_value=0.0) for alarm in left] == [
        msgspec.structs.replace(alarm, log_e_value=0.0) for alarm in right
    ]
    np.testing.assert_allclose(
        [alarm.log_e_value for alarm in left], [alarm.log_e_value for alarm in right], rtol=1e-7
    )
