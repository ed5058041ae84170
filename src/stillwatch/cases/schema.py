"""The tables of a store. Every row but that of the version has its tenant, and every key begins with it."""

import json

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

VERSION = 4  # of these tables; raised with every change to them
ESCAPED = "\x01"  # before a text that is kept as its JSON


class AnyText(TypeDecorator[str]):
    """Text of a log, in which anything may stand: what PostgreSQL or UTF-8 cannot hold is kept as JSON."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        if value is None or value.isprintable():
            return value
        odd = "\x00" in value or value.startswith(ESCAPED) or any("\ud800" <= c <= "\udfff" for c in value)
        return ESCAPED + json.dumps(value) if odd else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        if value is None or not value.startswith(ESCAPED):
            return value
        text: str = json.loads(value[1:])
        return text


metadata = MetaData()

stores = Table(
    "stores",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
)

# The audit.
trees = Table(
    "trees",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("peaks", LargeBinary, nullable=False),  # roots of complete subtrees, largest first
)
nodes = Table(
    "nodes",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
)
entries = Table(
    "entries",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("case_id", AnyText),
    Column("decision_id", AnyText),
    Column("leaf", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("entries_of_case", "tenant", "case_id", "number"),
    Index("entry_of_decision", "tenant", "decision_id", unique=True),
)
items = Table(
    "items",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("account_id", AnyText),
    Column("commitment", String(64), nullable=False),
    Column("salt", String(32)),
    Column("content", Text),
    Index("items_of_account", "tenant", "account_id"),
    ForeignKeyConstraint(["tenant", "number"], ["entries.tenant", "entries.number"]),
)
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("size", BigInteger, primary_key=True),
    Column("ts", BigInteger, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
)

# What people work on.
cases = Table(
    "cases",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("case_id", AnyText, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("owner", AnyText),
    Column("opened_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("seen_at_close", BigInteger),  # when the campaign was last seen, as known at closing
    Column("forwarded_to", AnyText),
    Column("split_from", AnyText),
    Index("cases_by_opening", "tenant", "opened_at", "case_id"),
)
campaigns = Table(
    "campaigns",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("watch", AnyText, primary_key=True),
    Column("campaign_id", AnyText, primary_key=True),
    Column("updated_at", BigInteger, nullable=False),
    Column("record", Text, nullable=False),
)
OF_CASE = (("tenant", "case_id"), ("cases.tenant", "cases.case_id"))
OF_CAMPAIGN = (
    ("tenant", "watch", "campaign_id"),
    ("campaigns.tenant", "campaigns.watch", "campaigns.campaign_id"),
)
holdings = Table(
    "holdings",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("case_id", AnyText, primary_key=True),
    Column("watch", AnyText, primary_key=True),
    Column("campaign_id", AnyText, primary_key=True),
    Column("current", Boolean, nullable=False),  # no later campaign has taken its place
    Column("leading", Boolean, nullable=False),  # accounts that join the campaign join this case
    ForeignKeyConstraint(*OF_CASE),
    ForeignKeyConstraint(*OF_CAMPAIGN),
)
members = Table(
    "members",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("case_id", AnyText, primary_key=True),
    Column("account_id", AnyText, primary_key=True),
    Column("watch", AnyText, primary_key=True),
    Column("campaign_id", AnyText, primary_key=True),
    Column("probability", Float, nullable=False),
    Column("illicit_share", Float, nullable=False),
    Column("exchanges", BigInteger, nullable=False),
    Column("flagged_at", BigInteger, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("current", Boolean, nullable=False),  # the latest findings still place it there
    Index("members_by_account", "tenant", "account_id"),
    ForeignKeyConstraint(*OF_CASE),
    ForeignKeyConstraint(*OF_CAMPAIGN),
)
reviewers = Table(
    "reviewers",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("case_id", AnyText, primary_key=True),
    Column("person", AnyText, primary_key=True),
    Column("ts", BigInteger, nullable=False),
    ForeignKeyConstraint(*OF_CASE),
)
clearings = Table(
    "clearings",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("clearing_id", AnyText, primary_key=True),
    Column("case_id", AnyText, nullable=False),
    Column("ts", BigInteger, nullable=False),
    Column("person", AnyText, nullable=False),
    Column("whole", Boolean, nullable=False),  # the dismissal of a case
    Column("evidence", Text, nullable=False),
    Index("clearings_of_case", "tenant", "case_id"),
    ForeignKeyConstraint(*OF_CASE),
)
cleared = Table(
    "cleared",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("account_id", AnyText, primary_key=True),
    Column("clearing_id", AnyText, primary_key=True),
    Column("ended_at", BigInteger),
    Column("ended_because", Text),
    ForeignKeyConstraint(["tenant", "clearing_id"], ["clearings.tenant", "clearings.clearing_id"]),
)

# What was asked of accounts, and who contests a decision.
challenges = Table(
    "challenges",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("challenge_id", AnyText, primary_key=True),
    Column("watch", AnyText, nullable=False),
    Column("campaign_id", AnyText, nullable=False),
    Column("level", Integer, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("deadline", BigInteger, nullable=False),
    Column("weight", Text),  # what it showed, once it is over
    Index("challenges_of_campaign", "tenant", "watch", "campaign_id"),
)
challenged = Table(
    "challenged",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("challenge_id", AnyText, primary_key=True),
    Column("account_id", AnyText, primary_key=True),
    Column("control", Boolean, nullable=False),
    Column("first", Boolean, nullable=False),  # asked when the challenge opened
    Column("since", BigInteger, nullable=False),
    Column("deadline", BigInteger, nullable=False),
    Column("answer", String(16), nullable=False),
    Column("answered_at", BigInteger),
    Index("challenged_by_account", "tenant", "account_id"),
    ForeignKeyConstraint(["tenant", "challenge_id"], ["challenges.tenant", "challenges.challenge_id"]),
)
appeals = Table(
    "appeals",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("decision_id", AnyText, primary_key=True),
    Column("opened_at", BigInteger, nullable=False),
    Column("outcome", String(16)),  # upheld or reversed; nothing while it waits for a person
    Column("decided_at", BigInteger),
    Column("decided_by", AnyText),
    Index("appeals_by_opening", "tenant", "opened_at", "decision_id"),
)

# Which marks were put into whose answers: what a model that is released later can be traced by.
marked = Table(
    "marked",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("cohort", AnyText, primary_key=True),
    Column("case_id", AnyText),
    Column("campaign_id", AnyText),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("decisions", BigInteger, nullable=False),
    Index("marked_of_case", "tenant", "case_id"),
)

# Who may ask the service.
tokens = Table(
    "tokens",
    metadata,
    Column("tenant", AnyText, primary_key=True),
    Column("token_id", AnyText, primary_key=True),
    Column("hash", String(64), nullable=False),  # of the secret, which is not kept
    Column("owner", AnyText, nullable=False),
    Column("scopes", String(64), nullable=False),  # with spaces between
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Index("token_by_hash", "tenant", "hash", unique=True),
)
