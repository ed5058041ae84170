"""Accounts: who signs up, how they pay, with what client they call and what of it the log shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from stillwatch.lab.elsewhere.clients import API_CLIENTS, CLIENTS, agents, handshakes
from stillwatch.lab.elsewhere.network import COUNTRIES, Address, Network, Route, usually
from stillwatch.lab.elsewhere.setting import DAY, Setting
from stillwatch.lab.elsewhere.vocabulary import WORDS

LANGUAGES = {
    "JP": "ja",
    "KR": "ko",
    "BR": "pt",
    "ES": "es",
    "MX": "es",
    "DE": "de",
    "FR": "fr",
    "TW": "zh",
    "HK": "zh",
    "VN": "vi",
    "UA": "ru",
}
MAIL_HOSTS = ["gmail.com"] * 10 + [
    *("outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "icloud.com", "proton.me"),
    *("qq.com", "naver.com", "gmx.de", "web.de", "yandex.com"),
]
THROWAWAY_HOSTS = [
    *("mailnesia.example", "tempbox.example", "inboxkit.example"),
    *("dropmail.example", "10minpost.example", "guerillapost.example"),
]
NEVER = 1e12


@dataclass(slots=True, kw_only=True)
class Account:
    """One account: its record in the log, its hidden truth, and the habits its calls are drawn from."""

    id: str
    cohort: str
    operator: str | None
    hard_negative: bool
    authorised: bool
    record: dict[str, object]
    opened: float  # seconds into the log, negative before it
    pathway: str
    country: str
    zone: float  # hours ahead of UTC
    language: str
    route: Route
    agents: list[str]
    handshakes: list[str]
    accept_language: str | None
    keys: list[str]
    models: list[str]
    adopts: tuple[float, float]  # seconds after each new model's release; NEVER for those who stay
    unlogged: set[str]  # fields its calls lack
    networkless: bool
    time_style: int
    skew: float
    whole_seconds: bool
    temperature: float | None
    max_tokens: int | None
    stream: bool
    effort: str | None
    answered: bool
    as_messages: bool
    preamble_tokens: int
    user: str
    project: str
    system: str | None = None
    organisation: str | None = None
    schedule: Callable[[Random, float], str] | None = None  # the model at a time, against habit
    closed: float = NEVER
    versions: list[tuple[float, dict[str, object]]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Signup:
    """What a cohort fixes of an account; everything else is drawn. `age` in seconds at the log's start."""

    cohort: str = "ordinary"
    operator: str | None = None
    hard_negative: bool = True
    authorised: bool = False
    country: str | None = None
    client: str | None = None
    pathway: str | None = None
    age: float | None = None
    language: str | None = None
    record: Mapping[str, object] = field(default_factory=dict)


def opaque(rng: Random, prefix: str, digits: int) -> str:
    """Return an identifier that means nothing."""
    return f"{prefix}{rng.getrandbits(4 * digits):0{digits}x}"


def new_card(rng: Random) -> str:
    return opaque(rng, "pm_", 14)


def new_device(rng: Random) -> str:
    return opaque(rng, "d-", 10)


def enrol(rng: Random, signup: Signup, setting: Setting, network: Network, log_end: float) -> Account:
    """Draw an account of a cohort; some open while the log runs."""
    country = signup.country or network.country(rng)
    pathway = signup.pathway or rng.choices(list(setting.pathways), list(setting.pathways.values()))[0]
    client = signup.client or ("browser" if pathway in {"app", "edu"} else rng.choice(API_CLIENTS))
    age = signup.age
    if age is None:
        age = rng.expovariate(1 / (200 * DAY)) if rng.random() < 0.93 else -rng.uniform(0, 0.8) * log_end
    addresses = _addresses(rng, network, country, pathway)
    project = _project(rng)
    native = LANGUAGES.get(country, "en") if rng.random() < 0.75 else "en"
    return Account(
        id=_account_id(rng),
        cohort=signup.cohort,
        operator=signup.operator,
        hard_negative=signup.hard_negative,
        authorised=signup.authorised,
        record=_record(rng, setting, signup, (country, pathway, project, addresses[-1])),
        opened=-age,
        pathway=pathway,
        country=country,
        zone=COUNTRIES[country].zone,
        language=signup.language or native,
        route=usually(addresses),
        agents=agents(rng, client),
        handshakes=handshakes(rng, client),
        accept_language=_accept_language(country, native) if client == "browser" else None,
        keys=[opaque(rng, "key_", 12) for _ in range(1 if rng.random() < 0.8 else rng.randint(2, 4))],
        models=rng.choices(
            [
                ["aurora-3"],
                ["aurora-3-mini"],
                ["aurora-3", "aurora-3-mini"],
                ["aurora-latest"],
                ["aurora-2.8"],
            ],
            [45, 25, 12, 10, 8],
        )[0],
        adopts=(
            rng.expovariate(1 / (6 * DAY)) if rng.random() < 0.45 else NEVER,
            rng.expovariate(1 / (8 * DAY)) if rng.random() < 0.2 else NEVER,
        ),
        unlogged={name for name, share in setting.missing.items() if rng.random() < share},
        networkless=pathway.startswith("cloud") and rng.random() < 0.7,
        time_style=rng.choice((0, 0, 0, 1, 2, 3)),
        skew=rng.choice([0.0] * 6 + [rng.gauss(0, 2), rng.gauss(0, 40)]),
        whole_seconds=rng.random() < 0.1,
        temperature=rng.choice([None, None, None, 0.0, 0.2, 0.7, 1.0]),
        max_tokens=rng.choice([None, 1024, 2048, 4096, 512, 8192]),
        stream=rng.random() < 0.5,
        effort=rng.choice([None] * 6 + ["low", "medium", "high"]),
        answered=rng.random() < setting.answers,
        as_messages=rng.random() < 0.14,
        preamble_tokens=rng.choice([0, 0, 300, 1500]),
        user=rng.choice(WORDS["name"]).lower() + rng.choice(["", "", "_dev", str(rng.randint(1, 99))]),
        project=project,
    )


def _account_id(rng: Random) -> str:
    drawn, chance = opaque(rng, "", 32), rng.random()
    if chance < 0.5:
        return f"acc_{drawn[:14]}"
    if chance < 0.75:
        return f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-a{drawn[17:20]}-{drawn[20:]}"
    if chance < 0.88:
        return f"u{rng.randrange(10**9, 10**11)}"
    return f"org-{drawn[:10]}:proj-{drawn[10:16]}"


def _project(rng: Random) -> str:
    tail = rng.choice(["", "s", "-api", "2", "-" + rng.choice(WORDS["hobby"]).split()[0]])
    return rng.choice(WORDS["mod"]) + rng.choice(["-", "_", ""]) + rng.choice(WORDS["noun"]) + tail


def _addresses(rng: Random, network: Network, country: str, pathway: str) -> list[Address]:
    homes = [network.home(rng, country) for _ in range(rng.choices([1, 2, 3], [43, 50, 7])[0])]
    if pathway == "api" and rng.random() < 0.45:
        return [network.cloud(rng, country=rng.choice([country, "US", "US", "DE"])), homes[0]]
    if pathway in {"app", "edu"} and rng.random() < 0.05:
        homes.append(network.cloud(rng, "vpn"))
    return homes


def _accept_language(country: str, language: str) -> str:
    return f"{language}-{country},{language};q=0.9" + (",en;q=0.7" if language != "en" else "")


def _record(
    rng: Random, setting: Setting, signup: Signup, drawn: tuple[str, str, str, Address]
) -> dict[str, object]:
    country, pathway, project, address = drawn
    own_domain = f"{project.replace('_', '-')}.{rng.choice(['com', 'io', 'dev', 'net', 'co'])}"
    record: dict[str, object] = {
        "plan": rng.choice(
            ["free", "plus", "pro"] if pathway == "app" else ["payg", "payg", "tier2", "scale"]
        ),
        "programme": "edu" if pathway == "edu" else None,
        "email_domain": rng.choice(MAIL_HOSTS) if rng.random() < 0.7 else own_domain,
        "email_hash": opaque(rng, "e:", 16),
        "phone_country": country,
        "phone_hash": opaque(rng, "p:", 10),
        **_payment(rng, setting, country, paid=pathway != "app" or rng.random() < setting.app_users_who_pay),
        "signup_ip": address.ip,
        "signup_asn": address.asn,
        "signup_country": address.country,
        "signup_ja4": rng.choice(CLIENTS["browser"][1]),
        "device_id": new_device(rng),
        "referral": rng.choice([None] * 8 + ["search", "friend", "ad-22", "yt"]),
        "kyc_level": rng.choice([0, 0, 1, 1, 1, 2]),
        "kyc_country": country,
        "declared_country": country,
        "status": "active",
        "authorised_distillation": True if signup.authorised else rng.choice([False, None, None]),
        **signup.record,
    }
    if record["payment_kind"] == "invoice" and rng.random() < 0.3:
        record["owner_countries"] = {country: 0.8, rng.choice(list(COUNTRIES)): 0.2}
    for name, share in setting.missing_of_account.items():
        if rng.random() < share:
            record[name] = None
    return record


def _payment(rng: Random, setting: Setting, country: str, *, paid: bool) -> dict[str, object]:
    if not paid:
        return dict.fromkeys(("payment_fp", "payment_kind", "payment_country", "payment_bin"))
    invoiced = rng.random() < setting.invoices
    kind = rng.choices(list(setting.payments), list(setting.payments.values()))[0]
    return {
        "payment_fp": new_card(rng),
        "payment_kind": "invoice" if invoiced else kind,
        "payment_country": country,
        "payment_bin": None if invoiced else setting.bin(rng),
    }
