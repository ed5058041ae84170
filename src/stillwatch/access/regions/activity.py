"""What is kept of an account's use: places with counts, hours of the day, languages, and how many ways in; a fixed size.

An account takes about 900 bytes, however many exchanges it has. Nothing here names an address: ways in are counted
in bit maps of keyed hashes. Exchanges are expected once each and in order of time, as a watch takes them in.
"""

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.regions.networks import HidingNetworks
from stillwatch.access.regions.sightings import SIGHTINGS
from stillwatch.access.regions.slots import FREE, Slots
from stillwatch.features.distinct import distinct
from stillwatch.features.growing import PerAccount
from stillwatch.features.observed import Names
from stillwatch.features.words import mix
from stillwatch.records import TIME

HOUR = 3_600_000_000
DAY = 24 * HOUR
HOURS = 24
PLACES, LANGUAGES = 12, 4  # kept of each account; most have one or two
WAYS, NETWORKS = 512, 256  # bits: ways in are counted up to about 2,000, exits and networks up to about 1,000
APART = 5  # days without an exchange from a place after which coming back is another stay
BYTE = 8

PLACE = pa.struct(
    [
        ("place", pa.string()),  # a country, or a subdivision where the address data know it
        ("exchanges", pa.int32()),
        ("hidden", pa.int32()),  # of them, from ranges that hide who is behind them
        ("days", pa.int32()),
        ("stays", pa.int32()),  # runs of days there, with no more than APART days between two of them
        ("returns", pa.int32()),  # of the days, those on which a way in of an earlier day was used again
        ("last_seen", TIME),
    ]
)
LANGUAGE = pa.struct([("tag", pa.string()), ("exchanges", pa.int32())])
ACTIVITY = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        ("exchanges", pa.int64()),
        ("days", pa.int32()),  # with an exchange
        ("first_seen", TIME),
        ("last_seen", TIME),
        ("hours", pa.list_(pa.int32(), HOURS)),  # for each hour of the day, UTC, days with an exchange in it
        ("places", pa.list_(PLACE)),
        ("moves", pa.int64()),  # exchanges from another country than the one before
        ("hidden", pa.int64()),  # exchanges from ranges that hide who is behind them, of known place or not
        ("languages", pa.list_(LANGUAGE)),  # the first choice of each exchange
        ("ways", pa.float64()),  # different prefixes (/24, /48) that are not hidden, estimated
        ("way_days", pa.float64()),  # the same, counted anew on each day
        ("exits", pa.float64()),  # different prefixes that are hidden, estimated
        ("networks", pa.float64()),  # different access networks (ASN) that are not hidden, estimated
    ]
)
"""One row an account: what `judge` takes as `activity`. Null where nothing was seen."""


class _Rows(msgspec.Struct):
    """The columns of a batch as arrays."""

    account: np.ndarray
    ts: np.ndarray
    asn: np.ndarray  # -1 unknown
    hidden: np.ndarray
    prefix: np.ndarray  # uint64, 0 unknown


class Gatherer:
    """Keeps what `judge` needs of each account; `observe` batches in order of time, then `table`."""

    def __init__(self, accounts: Names | None = None) -> None:
        """`accounts` are numbers that are shared with whoever else keeps something of accounts."""
        self._accounts = Names() if accounts is None else accounts
        self._places, self._tags = Names(), Names()
        self._hiding = HidingNetworks()
        self._exchanges, self._hidden = PerAccount(np.int64), PerAccount(np.int64)
        self._first = PerAccount(np.int64, empty=np.iinfo(np.int64).max)
        self._last = PerAccount(np.int64, empty=-1)
        self._days, self._hours = PerAccount(np.int32), PerAccount(np.int32, HOURS)
        self._last_hour = PerAccount(np.int64, empty=-1)
        self._in_places = Slots(PLACES, "exchanges", "hidden", "days", "stays", "returns")
        self._last_day = PerAccount(np.int64, PLACES, empty=-APART - 1)
        self._moves, self._last_place = PerAccount(np.int64), PerAccount(np.int32, empty=-1)
        self._in_languages = Slots(LANGUAGES, "exchanges")
        self._ways, self._way_days = PerAccount(np.uint8, WAYS // BYTE), PerAccount(np.uint8, WAYS // BYTE)
        self._new_ways, self._day = PerAccount(np.uint8, WAYS // BYTE), -1
        self._last_return = PerAccount(np.int64, empty=-1)
        self._exits = PerAccount(np.uint8, NETWORKS // BYTE)
        self._networks = PerAccount(np.uint8, NETWORKS // BYTE)

    def __len__(self) -> int:
        return len(self._accounts.names)

    def observe(self, batch: pa.RecordBatch) -> np.ndarray:
        """Take in exchanges (schema SIGHTINGS, or sketches); returns the number of the account of each."""
        columns = {name: batch.column(name) for name in SIGHTINGS.names}
        account = self._accounts.codes(columns["account_id"]).astype(np.int64)
        if not len(account):
            return account
        ts = columns["ts"].cast(pa.int64()).to_numpy(zero_copy_only=False)
        asn = pc.fill_null(columns["asn"], -1).to_numpy(zero_copy_only=False)
        listed = pc.fill_null(columns["listed"], False).to_numpy(zero_copy_only=False)
        rows = _Rows(
            account=account,
            ts=ts,
            asn=asn,
            hidden=self._hiding.hidden(ts, asn, listed),
            prefix=pc.fill_null(columns["prefix"], 0).to_numpy(zero_copy_only=False),
        )
        size = len(self)
        np.add.at(self._exchanges.upto(size), rows.account, 1)
        np.add.at(self._hidden.upto(size), rows.account[rows.hidden], 1)
        self._times(rows, size)
        place = self._places.codes(columns["place"]).astype(np.int64)
        slot = self._where(rows, place, size)
        self._returned(rows, slot, size)
        self._spoken(rows, self._tags.codes(columns["tag"]), size)
        return account

    def table(self, accounts: np.ndarray | None = None) -> pa.Table:
        """Accounts with an exchange (schema ACTIVITY), in order of number: all, or those of some numbers."""
        size = len(self)
        some = np.arange(size) if accounts is None else np.sort(accounts)
        some = some[self._exchanges.upto(size)[some] > 0]
        hours = self._hours.upto(size)[some]
        return pa.table(
            {
                "account_id": pa.array([self._accounts.names[number] for number in some], pa.string()),
                "exchanges": self._exchanges.upto(size)[some],
                "days": self._days.upto(size)[some],
                "first_seen": pa.array(self._first.upto(size)[some]).cast(TIME),
                "last_seen": pa.array(self._last.upto(size)[some]).cast(TIME),
                "hours": pa.FixedSizeListArray.from_arrays(pa.array(hours.reshape(-1)), HOURS),
                "places": _slotted(self._in_places, self._places.names, PLACE, size, some),
                "moves": self._moves.upto(size)[some],
                "hidden": self._hidden.upto(size)[some],
                "languages": _slotted(self._in_languages, self._tags.names, LANGUAGE, size, some),
                "ways": _estimate(self._ways.upto(size)[some]),
                "way_days": _estimate(self._way_days.upto(size)[some]),
                "exits": _estimate(self._exits.upto(size)[some]),
                "networks": _estimate(self._networks.upto(size)[some]),
            },
            schema=ACTIVITY,
        )

    def _times(self, rows: _Rows, size: int) -> None:
        np.minimum.at(self._first.upto(size), rows.account, rows.ts)
        np.maximum.at(self._last.upto(size), rows.account, rows.ts)
        hours, days = self._hours.upto(size), self._days.upto(size)
        last_hour = self._last_hour.upto(size)
        hour, account = np.divmod(distinct(rows.ts // HOUR * size + rows.account), size)
        fresh = hour > last_hour[account]
        hour, account = hour[fresh], account[fresh]
        np.add.at(hours, (account, hour % HOURS), 1)
        day = distinct(hour // HOURS * size + account)
        of_day, who = np.divmod(day, size)
        began = of_day > last_hour[who] // HOURS
        np.add.at(days, who[began], 1)
        np.maximum.at(last_hour, account, hour)

    def _where(self, rows: _Rows, place: np.ndarray, size: int) -> np.ndarray:
        """Count places; returns the slot of each exchange's place."""
        known = place >= 0
        owner, ts, hidden = rows.account[known], rows.ts[known], rows.hidden[known]
        self._moved(owner, place[known], size)
        slots = self._in_places
        slot = slots.find(owner, place[known], size)
        slots.add("exchanges", owner, slot, size)
        slots.add("hidden", owner[hidden], slot[hidden], size)
        slots.seen(owner, slot, ts, size)
        held = slot != FREE
        cells = distinct((ts[held] // DAY * size + owner[held]) * PLACES + slot[held])
        cell, at = np.divmod(cells, PLACES)
        day, who = np.divmod(cell, size)
        last_day = self._last_day.upto(size)
        for today in distinct(day):
            fresh = (day == today) & (today > last_day[who, at])
            cell_of = who[fresh], at[fresh]
            slots.counts["days"].upto(size)[cell_of] += 1
            slots.counts["stays"].upto(size)[cell_of] += today - last_day[cell_of] > APART
            last_day[cell_of] = today
        out = np.full(len(place), FREE)
        out[known] = slot
        return out

    def _moved(self, account: np.ndarray, place: np.ndarray, size: int) -> None:
        """Count changes of place from one exchange of an account to its next."""
        order = np.argsort(account, kind="stable")
        account, place = account[order], place[order]
        opens = np.diff(account, prepend=-1) != 0
        last_place = self._last_place.upto(size)
        before = np.where(opens, last_place[account], np.roll(place, 1))
        np.add.at(self._moves.upto(size), account[(before >= 0) & (before != place)], 1)
        closes = np.diff(account, append=-1) != 0
        last_place[account[closes]] = place[closes]

    def _spoken(self, rows: _Rows, tag: np.ndarray, size: int) -> None:
        known = tag >= 0
        account = rows.account[known]
        slot = self._in_languages.find(account, tag[known].astype(np.int64), size)
        self._in_languages.add("exchanges", account, slot, size)

    def _returned(self, rows: _Rows, slot: np.ndarray, size: int) -> None:
        """Count ways in, day by day, so that one that was used on an earlier day is seen to be used again."""
        plain = ~rows.hidden & (rows.prefix != 0)
        day = np.maximum.accumulate(rows.ts // DAY)
        ways, returned = self._ways.upto(size), self._in_places.counts["returns"].upto(size)
        last_return = self._last_return.upto(size)
        for today in distinct(day):
            now = plain & (day == today)
            account, prefix, at = rows.account[now], rows.prefix[now], slot[now]
            again = _marked(ways, account, prefix) & (last_return[account] < today) & (at != FREE)
            # Marks of today, set by an earlier batch, are no earlier day's.
            again &= ~_marked(self._today(today, size), account, prefix)
            who, first = np.unique(account[again], return_index=True)
            returned[who, at[again][first]] += 1
            last_return[who] = today
            fresh = ~_marked(ways, account, prefix)
            _mark(self._today(today, size), account[fresh], prefix[fresh])
            _mark(ways, account, prefix)
            _mark(
                self._way_days.upto(size),
                account,
                prefix ^ np.full(len(prefix), today, np.uint64) * np.uint64(0x9E3779B97F4A7C15),
            )
        known = rows.hidden & (rows.prefix != 0)
        _mark(self._exits.upto(size), rows.account[known], rows.prefix[known])
        known = ~rows.hidden & (rows.asn >= 0)
        _mark(self._networks.upto(size), rows.account[known], rows.asn[known].astype(np.uint64))

    def _today(self, day: int, size: int) -> np.ndarray:
        """The ways in that were first used today."""
        if day > self._day:
            self._new_ways.upto(size)[:] = 0
            self._day = int(day)
        return self._new_ways.upto(size)


def _mark(bits: np.ndarray, account: np.ndarray, value: np.ndarray) -> None:
    """Set the bit of each value in its account's map."""
    octet, bit = _bit(bits, value)
    np.bitwise_or.at(bits, (account, octet), bit)


def _marked(bits: np.ndarray, account: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Whether the bit of each value is set in its account's map."""
    octet, bit = _bit(bits, value)
    out: np.ndarray = (bits[account, octet] & bit) != 0
    return out


def _bit(bits: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    place = mix(value, np.uint64(0xD6E8FEB86659FD93)) % np.uint64(bits.shape[1] * BYTE)
    octet, bit = np.divmod(place.astype(np.int64), BYTE)
    return octet, (1 << bit).astype(np.uint8)


def _estimate(bits: np.ndarray) -> np.ndarray:
    """How many different values were marked, by linear counting (Whang and others, 1990)."""
    size = bits.shape[1] * BYTE
    free = size - np.bitwise_count(bits).sum(axis=1, dtype=np.int64)
    out: np.ndarray = size * np.log(size / np.maximum(free, 1))
    return out


def _slotted(slots: Slots, names: list[str], kind: pa.StructType, size: int, some: np.ndarray) -> pa.Array:
    """The slots in use of some accounts, as a list of structs an account."""
    codes = slots.codes.upto(size)[some]
    held = codes != FREE
    fields: list[pa.Array] = [pa.array(names, pa.string()).take(pa.array(codes[held]))]
    for field in list(kind)[1:]:
        values = slots.last if field.name == "last_seen" else slots.counts[field.name]
        fields.append(pa.array(values.upto(size)[some][held]).cast(field.type))
    offsets = np.append(0, np.cumsum(held.sum(axis=1))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.StructArray.from_arrays(fields, fields=list(kind)))
