"""Small logs of one kind of use, as exchanges."""

import pyarrow as pa

from stillwatch.access.regions import NO_RANGES, Gatherer, sightings
from stillwatch.access.regions.activity import DAY, HOUR
from stillwatch.access.regions.ranges import read_ranges
from stillwatch.features.key import SketchKey
from stillwatch.records.times import micros_of

NOW = micros_of("2026-06-01T00:00:00.000000Z")
KEY = SketchKey(bytes(32))
OFFICE = (9, 10, 11, 13, 14, 16, 17)


def day_of(account, day, country, *, address, asn, clock, hours=OFFICE, language=None):
    """A day's exchanges: one in each local hour; `clock` is hours east of UTC, `day` counts back from NOW."""
    return [
        {
            "account_id": account,
            "ts": NOW - day * DAY + (hour - clock) % 24 * HOUR,
            "country": country,
            "client_ip": address,
            "asn": asn,
            "accept_language": language,
        }
        for hour in hours
    ]


def gathered(rows, ranges=None, tmp_path=None):
    read = NO_RANGES
    if ranges is not None:
        path = tmp_path / "ranges.txt"
        path.write_text("\n".join(ranges))
        read = read_ranges([path])
    gatherer = Gatherer()
    table = pa.Table.from_pylist(sorted(rows, key=lambda row: row["ts"]))
    gatherer.observe(sightings(table, KEY, ranges=read))
    return gatherer.table()
