"""Reading a regions file: everything that can be wrong with it is said here, with its place, before anybody is judged."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TypeVar

from stillwatch.access.regions.places import (
    country_meant,
    country_of,
    known,
    subdivision_meant,
)
from stillwatch.access.regions.rules import ALWAYS, NEVER, Exemption, Row, Rules, Span
from stillwatch.records import InvalidConfiguration
from stillwatch.records.document import Place, Value, read, shown
from stillwatch.records.times import EPOCH, moment

KEYS = ("version", "otherwise", "regions", "exemptions")
ROW_KEYS = ("country", "subdivision", "supported", "from", "until", "except", "note")
EXEMPTION_KEYS = ("organisation", "account", "places", "from", "until", "reason")
VERSION = 1
LARGEST = 4 << 20  # bytes
TOLD = 100  # things wrong that are told at once
T = TypeVar("T")


def load(path: Path, *, now: int | None = None) -> Rules:
    """Read a regions file. Raises InvalidConfiguration, with a line for each thing that is wrong.

    `now` (microseconds; the machine's clock where it is not given) is the time from which on somebody must be served.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise InvalidConfiguration(f"{path}: {error.strerror or error}") from error
    return parse(data, str(path), now=time.time_ns() // 1000 if now is None else now)


def parse(data: bytes, file: str, *, now: int) -> Rules:
    """As `load`, from the content of a file."""
    if len(data) > LARGEST:
        raise InvalidConfiguration(f"{file}: a regions file has at most {LARGEST >> 20} MiB")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InvalidConfiguration(f"{file}: not UTF-8 at byte {error.start:,}") from error
    keys = read(text, file).mapping("a regions file", KEYS)
    for name in ("otherwise", "regions"):
        if name not in keys:
            raise Place(file, 1, 1).wrong(f"a regions file has {name}")
    if "version" in keys and keys["version"].whole("version", 1) != VERSION:
        raise keys["version"].place.wrong(f"only version {VERSION} of the regions file is known")
    otherwise = keys["otherwise"].one_of("otherwise", ("supported", "unsupported")) == "supported"
    wrong: list[str] = []
    rows = _all(keys["regions"].items("regions"), _row, wrong)
    exemptions = _all(
        keys["exemptions"].items("exemptions") if "exemptions" in keys else [], _exemption, wrong
    )
    wrong += islice(_contradictions(rows, file), TOLD)
    if wrong:
        raise InvalidConfiguration("\n".join(list(dict.fromkeys(wrong))[:TOLD]))
    rules = Rules(
        file=file,
        sha256=sha256(data).hexdigest(),
        otherwise=otherwise,
        rows=tuple(rows),
        exemptions=tuple(exemptions),
        notes=tuple(_notes(rows, exemptions, file, now=now, otherwise=otherwise)),
    )
    _check_somebody_is_served(rules, now)
    return rules


def _all(entries: list[Value], read_one: Callable[[Value], T], wrong: list[str]) -> list[T]:
    out = []
    for entry in entries:
        try:
            out.append(read_one(entry))
        except InvalidConfiguration as error:
            wrong.append(str(error))
            if len(wrong) >= TOLD:
                break
    return out


def _row(entry: Value) -> Row:
    keys = entry.mapping("a row of regions", ROW_KEYS)
    if "country" not in keys:
        raise entry.place.wrong("a row of regions has a country")
    country = _country(keys["country"])
    place = _subdivision(keys["subdivision"], country) if "subdivision" in keys else country
    excepted = keys["except"].items("except") if "except" in keys else []
    if excepted and "subdivision" in keys:
        raise keys["except"].place.wrong("a subdivision has no exceptions: give its parts rows of their own")
    return Row(
        place=place,
        supported=keys["supported"].truth("supported") if "supported" in keys else True,
        span=_span(keys),
        excepted=tuple(dict.fromkeys(_subdivision(item, country) for item in excepted)),
        line=entry.place.line,
    )


def _exemption(entry: Value) -> Exemption:
    keys = entry.mapping("an exemption", EXEMPTION_KEYS)
    if ("organisation" in keys) == ("account" in keys):
        raise entry.place.wrong("an exemption is for one organisation or one account")
    if "reason" not in keys:
        raise entry.place.wrong("an exemption has a reason")
    return Exemption(
        organisation=keys["organisation"].words("organisation") if "organisation" in keys else None,
        account=keys["account"].words("account") if "account" in keys else None,
        places=tuple(_place(item) for item in keys["places"].items("places")) if "places" in keys else (),
        span=_span(keys),
        reason=keys["reason"].words("reason"),
        line=entry.place.line,
    )


def _country(value: Value) -> str:
    code = value.text  # as written: `NO` is a country, and a number is no code
    if known(code) and "-" not in code:
        return code
    meant = country_meant(code)
    hint = f"did you mean {meant}?" if meant else "two letters of ISO 3166-1, such as NZ"
    raise value.place.wrong(f"no such country: {shown(code)}: {hint}")


def _subdivision(value: Value, country: str) -> str:
    code = value.text
    if known(code) and "-" in code:
        if country_of(code) == country:
            return code
        raise value.place.wrong(f"{code} is a subdivision of {country_of(code)}, not of {country}")
    meant = subdivision_meant(code, country)
    hint = f"did you mean {meant}?" if meant else f"a code of ISO 3166-2 that begins with {country}-"
    raise value.place.wrong(f"no such subdivision: {shown(code)}: {hint}")


def _place(value: Value) -> str:
    return _subdivision(value, country_of(value.text)) if "-" in value.text else _country(value)


def _span(keys: Mapping[str, Value]) -> Span:
    span = Span(
        _day(keys["from"], "from") if "from" in keys else ALWAYS,
        _day(keys["until"], "until") if "until" in keys else NEVER,
    )
    if span.end <= span.start:
        raise keys["until"].place.wrong(
            "until comes after from: it is the first day on which the row no longer holds"
        )
    return span


def _day(value: Value, name: str) -> int:
    try:
        day = date.fromisoformat(value.text)
    except ValueError as error:
        raise value.place.wrong(f"{name} is a day, such as 2026-03-01, not {shown(value.text)}") from error
    return int((datetime(day.year, day.month, day.day, tzinfo=UTC) - EPOCH).total_seconds()) * 1_000_000


def _contradictions(rows: list[Row], file: str) -> Iterator[str]:
    """Rows for one place whose dates overlap, and exceptions that a row of their own gainsays."""
    of: dict[str, list[Row]] = {}
    for row in rows:
        for other in of.get(row.place, ()):
            if row.span.meets(other.span):
                word = "overlaps in time with" if row.supported == other.supported else "contradicts"
                said = f"the row for {row.place} {word} the one on line {other.line}"
                yield f"{file}:{row.line}:1: {said}"
        of.setdefault(row.place, []).append(row)
    for row in rows:
        for place in row.excepted:
            for other in of.get(place, ()):
                if other.supported == row.supported and row.span.meets(other.span):
                    yield (
                        f"{file}:{other.line}:1: the row for {place} contradicts the exception on line {row.line}"
                    )


def _notes(
    rows: list[Row], exemptions: list[Exemption], file: str, *, now: int, otherwise: bool
) -> list[str]:
    """What a reader should know, though the file can be used."""
    idle = [
        f"{file}:{row.line}: the row for {row.place} says what holds otherwise"
        for row in rows
        if row.span == Span() and row.supported == otherwise and not row.excepted and "-" not in row.place
    ]
    over = [
        f"{file}:{one.line}: the exemption for {one.organisation or one.account} has run out"
        for one in exemptions
        if one.span.end <= now
    ]
    return idle + over


def _check_somebody_is_served(rules: Rules, now: int) -> None:
    for at in (now, *(turn for turn in rules.turns if turn > now)):
        if not rules.supported(at):
            day = moment(at).date().isoformat()
            raise InvalidConfiguration(
                f"{rules.file}: excludes everybody on {day}: no place is supported then"
            )
