"""What makes a record of the right shape malformed all the same, checked a column at a time.

The rules are those of the contract's JSON Schemas, and one more: a time outside the years 2000-2100 is a
mistaken unit. A record that breaks a rule is rejected whole, since nobody can say which half of it holds.
"""

from collections.abc import Iterator

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


class Rule(msgspec.Struct, frozen=True):
    """A column's allowed values: a pattern, a closed list, or a range. Null is always allowed."""

    field: str
    says: str
    pattern: str | None = None
    among: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    def wrong(self, column: pa.Array) -> pa.Array:
        """True where a value breaks the rule."""
        if self.pattern is not None:
            return pc.invert(pc.match_substring_regex(column, self.pattern))
        if self.among:
            return pc.and_(pc.invert(pc.is_in(column, pa.array(self.among))), pc.is_valid(column))
        outside = pc.less(column, self.low)
        if self.high is not None:
            outside = pc.or_(outside, pc.greater(column, self.high))
        return pc.or_(outside, pc.is_nan(column)) if pa.types.is_floating(column.type) else outside


def _text(field: str) -> Rule:
    return Rule(field, "must not be empty", pattern=r"(?s).")


def _country(field: str) -> Rule:
    return Rule(field, "must be two capital letters (ISO 3166-1)", pattern=r"^[A-Z]{2}$")


def _count(field: str) -> Rule:
    return Rule(field, "must not be negative", low=0)


def _network(field: str) -> Rule:
    return Rule(field, "must be 0 to 4294967295", low=0, high=2**32 - 1)


def _one_of(field: str, *names: str) -> Rule:
    return Rule(field, f"must be one of {', '.join(names)}", among=names)


COUNTS = [
    "n_tool_calls",
    "n_tool_results",
    "n_images",
    "n_turns",
    "max_tokens",
    "temperature",
    "n_choices",
    "logprobs",
    "tokens_in",
    "tokens_out",
    "tokens_reasoning",
    "tokens_cached",
    "latency_ms",
]
PATHWAYS = r"^(api|app|edu|research|startup|reseller|cloud:.+)$"
RULES: dict[str, list[Rule]] = {
    "exchanges": [
        _text("exchange_id"),
        _text("account_id"),
        Rule("pathway", "must be api, app, edu, research, startup, reseller or cloud:NAME", pattern=PATHWAYS),
        *map(_count, COUNTS),
        Rule("http_status", "must be 100 to 599", low=100, high=599),
        _network("asn"),
        _country("country"),
    ],
    "accounts": [
        _text("account_id"),
        *map(
            _country,
            ("phone_country", "payment_country", "signup_country", "kyc_country", "declared_country"),
        ),
        _one_of("programme", "edu", "research", "startup"),
        _one_of("payment_kind", "prepaid", "virtual", "credit", "debit", "invoice"),
        _one_of("phone_kind", "fixed", "mobile", "virtual", "service", "prepaid"),
        _one_of("status", "active", "suspended", "banned", "closed"),
        _network("signup_asn"),
        Rule("kyc_level", "must be 0 to 4", low=0, high=4),
    ],
    "events": [_one_of("kind", "model_release", "ban", "unban", "policy_change")],
}
SHOWN = 60  # characters of a wrong value that a reason quotes


def broken(kind: str, columns: dict[str, pa.Array]) -> Iterator[tuple[int, str]]:
    """Each row that breaks a rule, with the reason; a row may come more than once."""
    for rule in RULES[kind]:
        column = columns[rule.field]
        if column.null_count == len(column):
            continue
        wrong = rule.wrong(column)
        if pc.any(wrong).as_py():
            for row in np.flatnonzero(wrong.fill_null(False).to_numpy(zero_copy_only=False)).tolist():
                yield row, f"{rule.field}: {str(column[row])[:SHOWN]!r} {rule.says}"
    if kind == "accounts":
        yield from _broken_owners(columns["owner_countries"])


def _broken_owners(owners: pa.Array) -> Iterator[tuple[int, str]]:
    if owners.null_count == len(owners):
        return
    for row, shares in enumerate(owners.to_pylist()):
        for country, share in shares or ():
            if not (len(country) == 2 and country.isascii() and country.isupper() and country.isalpha()):
                yield row, f"owner_countries: {country[:SHOWN]!r} must be two capital letters (ISO 3166-1)"
            elif share is None or not 0 <= share <= 1:
                yield row, f"owner_countries: share of {country} must be 0 to 1"
