"""A watch says what a replay of the same log says, whatever is cut, repeated, late or killed."""

import pickle
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.features.key import SketchKey
from stillwatch.features.sketch import sketch
from stillwatch.features.sketchlog import TICK, SketchLog
from stillwatch.linking.rehearsal import DAY, HOUR, START, Records, Rehearsal, asking, each, everybody, in_shifts
from stillwatch.records import ACCOUNTS, EVENTS, EXCHANGES, Rejection, StillwatchError
from stillwatch.runtime.ingest import Piece, Settings
from stillwatch.runtime.loop import Loop
from stillwatch.runtime.replay import play
from stillwatch.runtime.watch import Watch
from stillwatch.sources import Block

KEY = SketchKey(b"a key for a watch in its tests!!")
SETTINGS = Settings(KEY)
NOW = (START + 30 * DAY) / 1_000_000
LATENESS = 60.0
