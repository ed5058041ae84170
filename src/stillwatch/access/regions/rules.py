"""Where a service is offered, and when: dated rows a country or subdivision, and who is exempt."""

from functools import cached_property

import msgspec

from stillwatch.access.regions.places import countries, country_of

ALWAYS = -(1 << 62)
NEVER = 1 << 62


class Span(msgspec.Struct, frozen=True):
    """A time from `start` up to, and not with, `end`, in microseconds since 1970."""

    start: int = ALWAYS
    end: int = NEVER

    def holds(self, at: int) -> bool:
        return self.start <= at < self.end

    def meets(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for one place; in the subdivisions of `excepted` the opposite does."""

    place: str
    supported: bool
    span: Span
    excepted: tuple[str, ...] = ()
    line: int


class Exemption(msgspec.Struct, frozen=True, kw_only=True):
    """Who is served in unsupported places all the same; no `places` means in all of them."""

    organisation: str | None = None
    account: str | None = None
    places: tuple[str, ...] = ()
    span: Span
    reason: str
    line: int


class Rules(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A regions file. `otherwise` holds for countries without a row at the time that is asked about."""

    file: str
    sha256: str
    otherwise: bool
    rows: tuple[Row, ...]
    exemptions: tuple[Exemption, ...] = ()
    notes: tuple[str, ...] = ()

    def supports(self, place: str, at: int) -> bool:
        """Whether the service is offered in a place at a time (microseconds)."""
        row = self._row(place, at)
        if row is not None:
            return row.supported
        country = country_of(place)
        row = self._row(country, at)
        if row is None:
            return self.otherwise
        return row.supported != (place in row.excepted)

    def unsupported(self, at: int) -> tuple[str, ...]:
        """All countries that are not supported at a time, and subdivisions that a supported country leaves out."""
        out = [country for country in countries() if not self.supports(country, at)]
        left = set(out)
        named = [place for place in self.named if "-" in place and country_of(place) not in left]
        return (*out, *(place for place in named if not self.supports(place, at)))

    def supported(self, at: int) -> tuple[str, ...]:
        """All countries that are supported at a time, and supported subdivisions of others."""
        out = [country for country in countries() if self.supports(country, at)]
        left = set(out)
        named = [place for place in self.named if "-" in place and country_of(place) not in left]
        return (*out, *(place for place in named if self.supports(place, at)))

    @cached_property
    def named(self) -> tuple[str, ...]:
        """Every place that a row or its exceptions name, in the order of the file."""
        places = (place for row in self.rows for place in (row.place, *row.excepted))
        return tuple(dict.fromkeys(places))

    @property
    def turns(self) -> tuple[int, ...]:
        """The times at which something begins or ends to hold, ascending."""
        times = {time for row in self.rows for time in (row.span.start, row.span.end)}
        return tuple(sorted(times - {ALWAYS, NEVER}))

    def _row(self, place: str, at: int) -> Row | None:
        return next((row for row in self._rows_of.get(place, ()) if row.span.holds(at)), None)

    @cached_property
    def _rows_of(self) -> dict[str, list[Row]]:
        out: dict[str, list[Row]] = {}
        for row in self.rows:
            out.setdefault(row.place, []).append(row)
        return out
