"""Accounts: what a cohort fixes when one signs up, and what it then has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stillwatch.lab.outside.clients import Client
from stillwatch.lab.outside.network import Address, Route
from stillwatch.lab.outside.person import Person

NEVER = 1e12
MAIL_HOSTS = [
    *(*["gmail.com"] * 11, *["outlook.com"] * 3, *["icloud.com"] * 2),
    *("yahoo.com", "hotmail.com", "proton.me", "qq.com", "naver.com", "web.de", "mail.ru"),
]
COMMONEST_MAIL_HOSTS = MAIL_HOSTS[:11]
THROWAWAY_HOSTS = [
    *("mailnesia.net", "inboxkitten.org", "tmpbox.io", "dropmail.cc"),
    *("altmails.xyz", "fastinbox.top", "nowmail.site"),
]


class Card(NamedTuple):
    """A means of payment; `issuer` is its BIN."""

    fingerprint: str
    kind: str
    country: str
    issuer: str


class Ban(NamedTuple):
    """When an account was banned, in seconds, and what the provider noted."""

    at: float
    note: str


@dataclass(frozen=True, kw_only=True)
class Signup:
    """What a cohort fixes of an account; what is None is drawn."""

    cohort: str
    hard_negative: bool = True
    authorised: bool = False
    operator: str | None = None
    country: str | None = None
    created: float | None = None
    card: Card | None = None
    organisation: str | None = None
    domain: str | None = None
    plan: str | None = None
    programme: str | None = None
    addresses: list[Address] | None = None
    device: str | None = None
    clients: list[Client] | None = None
    signup_address: Address | None = None
    product: str | None = None
    referral: str | None = None
    kyc_level: int | None = None
    habit: str | None = None


@dataclass(slots=True, kw_only=True)
class Account:
    """One account: its record, its hidden truth and its habits; times are seconds into the log."""

    id: str
    cohort: str
    hard_negative: bool
    authorised: bool
    operator: str | None
    country: str
    zone: float
    created: float
    begins: float
    ends: float = NEVER
    person: Person
    addresses: list[Address]
    clients: Sequence[Client]
    plan: str
    programme: str | None
    uses_programme: bool
    card: Card | None
    organisation: str | None
    domain: str | None
    device: str
    signup_address: Address
    signup_ja4: str
    phone_country: str
    phone_hash: str
    referral: str | None
    kyc_level: int
    habit: str
    keys: list[str]
    model_rank: int
    adopts: list[float]  # days at which it takes up each new model
    loyalty: float
    usual_max_tokens: int | None
    route: Route | None = None  # in place of the addresses
    browser: Client | None = None
    upgraded_at: float | None = None  # from the free plan to its own
    ban: Ban | None = None
    exchanges: int = 0
