"""Reading the file of verdicts: opened by mapping it into memory, looked up by hash."""

import mmap
import struct
from bisect import bisect_left
from pathlib import Path

import msgspec

from stillwatch.policy.verdict_layout import (
    HEADER_BYTES,
    NO_CASE,
    ROW,
    STATES,
    Header,
    Names,
    hashed,
)
from stillwatch.records import Micros, UnreadableInput, Verdict


class VerdictTable:
    """The verdicts of one published file. Safe to use from several threads."""

    def __init__(self, path: Path, header: Header, data: memoryview, names: Names) -> None:
        self.path = path
        self.version = header.version
        self.created_at = header.created_at
        self._salt = header.salt
        self._shift = 64 - header.bits
        self._buckets = data[header.buckets : header.buckets + 4 * ((1 << header.bits) + 1)].cast("I")
        self._keys = data[header.keys : header.rows].cast("Q")
        self._rows = data[header.rows : header.names]
        self._names = names

    @classmethod
    def open(cls, path: Path) -> "VerdictTable":
        """Raises UnreadableInput where the file is missing, cut short or not a table of verdicts."""
        try:
            with path.open("rb") as file:
                head = file.read(HEADER_BYTES)
                header = Header.decode(head, file.seek(0, 2))
                data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            names = msgspec.msgpack.decode(data[header.names :], type=Names)
            return cls(path, header, data, names)
        except OSError as error:
            raise UnreadableInput(f"{path}: {error.strerror or error}") from error
        except (ValueError, TypeError, msgspec.MsgspecError) as error:
            raise UnreadableInput(f"{path}: {error}") from error

    def __len__(self) -> int:
        return len(self._keys)

    def lookup(self, account_id: str) -> Verdict | None:
        """What is held against an account. Raises UnreadableInput where the file is damaged."""
        key, check = hashed(self._salt, account_id)
        keys = self._keys
        try:
            bucket = key >> self._shift
            end = self._buckets[bucket + 1]
            if end > len(keys):
                raise IndexError("a bucket ends beyond the keys")  # noqa: TRY301 - one place says what damage means
            at = bisect_left(keys, key, self._buckets[bucket], end)
            while at < end and keys[at] == key:
                row = ROW.unpack_from(self._rows, at * ROW.size)
                if row[0] == check:  # two halves of a hash: a chance likeness of one accuses nobody
                    return self._verdict(row)
                at += 1
        except (IndexError, struct.error) as error:
            raise UnreadableInput(f"{self.path}: it is damaged ({error})") from error
        return None

    def _verdict(self, row: tuple[int, float, float, int, int, int, int, int, int, int]) -> Verdict:
        _, probability, log_e_value, since, accounts, campaign, case, capability, state, active = row
        return Verdict(
            campaign_id=self._names.campaigns[campaign],
            state=STATES[state],
            probability=probability,
            log_e_value=log_e_value,
            accounts=accounts,
            capability=self._names.capabilities[capability],
            since=Micros(since),
            active=active == 1,
            case_id=None if case == NO_CASE else self._names.cases[case],
        )
