"""The scene at the end of a rehearsal among everyday accounts."""

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
import pyarrow as pa

from stillwatch.features.key import SketchKey
from stillwatch.features.sketch import sketch
from stillwatch.features.sketchlog import TICK, SketchLog
from stillwatch.linking.rehearsal import everybody
from stillwatch.records import ACCOUNTS, EVENTS, EXCHANGES
from stillwatch.runtime.loop import Loop
from stillwatch.runtime.replay import play


def _table(records, schema):
    return pa.Table.from_pylist([msgspec.structs.asdict(record) for record in records], schema=schema)


def scene_of(rehearsal):
    """The scene, and the codes of the accounts that are rehearsed."""
    records = everybody() + rehearsal.play()
    with TemporaryDirectory() as folder:
        log, key = SketchLog(Path(folder)), SketchKey(b"a key for rehearsals, 32 bytes !")
        for batch in _table(records.exchanges, EXCHANGES).to_batches():
            log.append(sketch(batch, key))
        log.seal()
        loop = Loop(key, fdr=0.01)
        play(
            loop, log, _table(records.accounts, ACCOUNTS), _table(records.events, EVENTS), then=lambda _: None
        )
        scene = loop.scene((log.ticks()[-1] + 1) * TICK)
    return scene, np.array(sorted(loop.ledger.lookup(name) for name in rehearsal.suspects))
