"""When records were made, looked up in a few lines, so that files are read in about the order of time."""

from stillwatch.sources._reading.catalogue import catalogue
from stillwatch.sources._reading.interface import Block

FACTS = frozenset({"accounts", "events"})  # kinds of records that nothing need wait for
UNCUT = 1 << 16  # bytes of lines that are not searched for a time


def first_time(source: str, kind: str, line: bytes) -> int | None:
    """When the first record of a line was, if it tells."""
    batch = catalogue()[source].decode(Block(source, kind, "", 1, line)).batch
    found: list[int] = batch["ts"].cast("int64").to_pylist() if len(batch) else []
    return found[0] if found else None


def end_by_time(source: str, kind: str, data: bytes, until: int) -> int:
    """Where to cut whole lines in order of time, so that what is left out is later; to within `UNCUT` bytes."""
    low, high = 0, len(data)
    last = data.rfind(b"\n", 0, high - 1) + 1
    if high <= UNCUT or (first_time(source, kind, data[last:]) or 0) <= until:
        return high
    while high - low > UNCUT:
        begin = data.rfind(b"\n", low, (low + high) // 2) + 1
        if begin <= low:
            break
        end = data.find(b"\n", begin) + 1
        if (first_time(source, kind, data[begin:end]) or 0) <= until:
            low = begin
        else:
            high = begin
    return high
