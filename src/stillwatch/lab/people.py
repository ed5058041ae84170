"""A crowd of accounts: who they are, how they pay, where and when they work, and what they like to talk about."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from stillwatch.lab import clients, places
from stillwatch.lab.arrays import DAY, Floats, Ints, Rng, Texts, choose, kept, opaque, texts
from stillwatch.lab.speech import CLOSERS, OPENERS, Voices
from stillwatch.lab.world import MODEL_SHARES, YEARS_BEFORE, World
from stillwatch.records import ACCOUNTS

FREE_MAIL = (
    "gmail.com",
    "outlook.com",
    "yahoo.com",
    "icloud.com",
    "proton.me",
    "gmx.net",
    "qq.com",
    "naver.com",
    "web.de",
)
FREE_MAIL_SHARES = (50, 16, 9, 9, 5, 3, 3, 2, 3)
DISPOSABLE_MAIL = (
    "mailbox24.example",
    "tmpdrop.example",
    "quickpost.example",
    "inboxly.example",
    "fastletter.example",
    "oneuse.example",
)
PLANS = ("free", "plus", "pay-as-you-go", "team")
PROGRAMMES = {"edu": 0.03, "startup": 0.025, "research": 0.012}
CARDS = ("credit", "debit", "prepaid", "virtual")
CARD_SHARES = (0.5, 0.36, 0.07, 0.07)


@dataclass
class Habits:
    """What stays with an account over weeks; one row an account."""

    country: Ints
    client: Ints
    agent: Ints
    ja4: Ints
    pathway: Texts
    model: Ints
    home_asn: Ints
    home: Ints  # /24 as a 32-bit number
    away_asn: Ints
    away: Ints
    away_share: Floats
    peak: Floats  # local hours
    second_peak: Floats
    width: Floats
    weekend: Floats  # activity on weekend days relative to working days
    volume: Floats  # expected exchanges over the whole span
    turns: Floats  # mean exchanges a session
    since: Ints  # first moment of activity
    until: Ints
    host: Ints  # which host of a /24 it holds
    steps: Floats  # share of requests that ask for step-by-step reasoning
    voices: Voices


@dataclass
class People:
    """Accounts of one crowd: contract columns by name, habits, and what the truth says of them."""

    account: dict[str, Texts]
    habits: Habits
    cohort: str
    operator: str | None = None
    hard_negative: bool = False
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.account["account_id"])

    def set(self, **columns: object) -> None:
        """Put one value, or an array of them, into account columns."""
        for name, value in columns.items():
            self.account[name] = (
                value if isinstance(value, np.ndarray) else np.full(self.size, value, dtype=object)
            )

    def table(self) -> pa.Table:
        """Return the accounts as records of the contract."""
        columns = [
            pa.array(self.account[name].tolist(), kind) if name in self.account else pa.nulls(self.size, kind)
            for name, kind in zip(ACCOUNTS.names, ACCOUNTS.types, strict=True)
        ]
        return pa.Table.from_arrays(columns, schema=ACCOUNTS)


def draw(
    world: World, rng: Rng, size: int, cohort: str, *, country: str | None = None, client: str | None = None
) -> People:
    """`size` ordinary people; a country or a client can be fixed."""
    if country is None:
        lands = choose(rng, places.COUNTRY_WEIGHTS, size)
    else:
        lands = np.full(size, places.index_of(country))
    habits = _habits(world, rng, lands, client)
    return People(_account(rng, habits), habits, cohort)


def _habits(world: World, rng: Rng, country: Ints, client: str | None) -> Habits:
    size = len(country)
    program = (
        choose(rng, clients.CLIENT_WEIGHTS, size)
        if client is None
        else np.full(size, clients.client_index(client))
    )
    agent, ja4 = clients.draw_agents(rng, program)
    home_asn, home = places.access_networks(rng, country)
    away_asn, away = places.access_networks(rng, country)
    away_share = np.where(rng.random(size) < 0.5, rng.beta(2, 5, size), 0.0)
    home_asn, home = _hosted(
        rng, home_asn, home, np.where(clients.CHAT[program], 0.02, 0.35), places.CLOUD_NETWORKS
    )
    home_asn, home = _hosted(rng, home_asn, home, np.full(size, 0.03), places.VPN_NETWORKS)
    language = places.languages_of(rng, country)
    steady = ~clients.CHAT[program] & (rng.random(size) < 0.12)
    peak = np.where(rng.random(size) < 0.65, rng.normal(10.5, 1.8, size), rng.normal(20.5, 2.5, size))
    since, volume = _activity(world, rng, size)
    return Habits(
        country=country,
        client=program,
        agent=agent,
        ja4=ja4,
        pathway=_pathways(rng, program),
        model=choose(rng, MODEL_SHARES, size),
        home_asn=home_asn,
        home=home,
        away_asn=away_asn,
        away=away,
        away_share=away_share,
        peak=peak,
        second_peak=peak + rng.normal(5, 2.5, size),
        width=np.where(steady, 14.0, rng.gamma(4, 0.5, size)),
        weekend=np.where(steady, 1.0, rng.beta(1.4, 2.2, size) * 1.3),
        volume=volume * np.where(clients.CHAT[program], 1.0, 1.5),
        turns=1 + rng.gamma(1.6, 1.1, size) * np.where(clients.CHAT[program], 1.0, 0.7),
        since=since,
        until=_departures(world, rng, since),
        host=rng.integers(0, 1 << 40, size),
        steps=np.where(rng.random(size) < 0.12, rng.beta(2, 4, size), 0.01),
        voices=Voices(
            language=language,
            fields=world.speech.draw_fields(rng, language),
            seed=rng.integers(0, 1 << 40, size),
            opener=rng.integers(0, len(OPENERS), size),
            closer=rng.integers(0, len(CLOSERS), size),
        ),
    )


def _hosted(rng: Rng, asn: Ints, net: Ints, share: Floats, networks: tuple[int, ...]) -> tuple[Ints, Ints]:
    other_asn, other = places.hosted_networks(rng, len(asn), networks)
    moved = rng.random(len(asn)) < share
    return np.where(moved, other_asn, asn), np.where(moved, other, net)


def _pathways(rng: Rng, client: Ints) -> Texts:
    pathway = texts([clients.CLIENTS[index].pathway for index in client])
    cloud = (pathway == "api") & (rng.random(len(client)) < 0.06)
    pathway[cloud] = "cloud:nimbus"
    return pathway


def _activity(world: World, rng: Rng, size: int) -> tuple[Ints, Floats]:
    """When accounts were created, and a heavy-tailed volume (lognormal with a Pareto tail)."""
    recent = rng.random(size) < 0.22
    old = rng.beta(1.0, 1.6, size) * YEARS_BEFORE * 365 * DAY
    created = np.where(recent, world.start + rng.random(size) * (world.end - world.start), world.start - old)
    volume = rng.lognormal(1.75, 1.05, size) * world.months
    tail = rng.random(size) < 0.01
    volume = np.where(tail, volume * (1 + rng.pareto(1.3, size)) * 4, volume)
    return created.astype(np.int64), np.minimum(volume, 700.0)


def _departures(world: World, rng: Rng, since: Ints) -> Ints:
    """Most stay to the end; some lose interest within days of their first moment in the log."""
    begin = np.maximum(since, world.start)
    left = rng.random(len(since)) < 0.2
    stay = rng.exponential(8 * DAY, len(since)).astype(np.int64) + DAY // 2
    return np.minimum(np.where(left, begin + stay, world.end), world.end)


def _account(rng: Rng, habits: Habits) -> dict[str, Texts]:
    size = len(habits.country)
    code = places.COUNTRY_CODES[habits.country]
    chat = clients.CHAT[habits.client]
    plan = np.where(chat, choose(rng, (0.5, 0.44, 0, 0.06), size), choose(rng, (0.08, 0.12, 0.7, 0.1), size))
    paid = plan > 0
    programmes = texts([*PROGRAMMES, None])[
        choose(rng, (*PROGRAMMES.values(), 1 - sum(PROGRAMMES.values())), size)
    ]
    sponsored = (programmes != None) & ~chat & (rng.random(size) < 0.6)  # noqa: E711  (an element-wise test)
    habits.pathway[sponsored] = programmes[sponsored]
    bins = places.card_prefixes(rng, habits.country).astype("U6").astype(object)
    kind = texts(CARDS)[choose(rng, CARD_SHARES, size)]
    status = texts(("active", "closed"))[(rng.random(size) < 0.004).astype(np.int64)]
    household = np.flatnonzero(rng.random(size) < 0.015)
    account: dict[str, Texts] = {
        "account_id": opaque(rng, size, "acct_"),
        "key_1": opaque(rng, size, "key_", 12),  # keys stand in exchanges only
        "key_2": opaque(rng, size, "key_", 12),
        "created_at": habits.since.astype(object),
        "org_id": kept(plan == 3, opaque(rng, size, "org_", 10)),
        "plan": texts(PLANS)[plan],
        "programme": programmes,
        "email_domain": mail_domains(rng, size),
        "email_hash": opaque(rng, size, "e_", 12),
        "phone_country": kept(rng.random(size) < 0.7, code),
        "phone_hash": kept(rng.random(size) < 0.7, opaque(rng, size, "t_", 12)),
        "payment_fp": kept(paid, opaque(rng, size, "pm_", 12)),
        "payment_kind": kept(paid, kind),
        "payment_country": kept(paid, code),
        "payment_bin": kept(paid, bins),
        "signup_ip": signup_addresses(rng, habits.home),
        "signup_asn": habits.home_asn.astype(object),
        "signup_country": code.copy(),
        "signup_ja4": texts(clients.JA4_STRINGS)[habits.ja4],
        "device_id": kept(rng.random(size) < 0.6, opaque(rng, size, "d_", 12)),
        "referral": kept(rng.random(size) < 0.05, referrals(rng, size)),
        "kyc_level": choose(rng, (0.25, 0.55, 0.15, 0.05), size).astype(object),
        "declared_country": kept(rng.random(size) < 0.8, code),
        "status": status,
        "authorised_distillation": np.full(size, False, dtype=object),
    }
    if len(household) > 1:
        pairs = household[: len(household) // 2 * 2].reshape(-1, 2)
        for name in ("device_id", "payment_fp", "payment_kind", "payment_bin", "signup_ip", "signup_asn"):
            account[name][pairs[:, 1]] = account[name][pairs[:, 0]]
        habits.home[pairs[:, 1]], habits.home_asn[pairs[:, 1]] = (
            habits.home[pairs[:, 0]],
            habits.home_asn[pairs[:, 0]],
        )
    return account


def ban(crowd: People, who: Ints, reason: str) -> list[dict[str, object]]:
    """Mark accounts as banned at the end of their activity; return the events."""
    fallen = np.zeros(crowd.size, dtype=bool)
    fallen[who] = True
    ends = crowd.habits.until
    status = crowd.account["status"].copy()
    status[fallen] = "banned"
    crowd.set(
        status=status,
        status_at=kept(fallen, ends.astype(object)),
        status_reason=kept(fallen, np.full(crowd.size, reason, dtype=object)),
    )
    names = crowd.account["account_id"]
    return [{"ts": int(ends[i]), "kind": "ban", "account_id": names[i], "note": reason} for i in who]


def mail_domains(rng: Rng, size: int, *, disposable: float = 0.03, corporate: float = 0.2) -> Texts:
    """Mail domains: mostly free mail, some firms of their own, some disposable."""
    free = texts(FREE_MAIL)[choose(rng, FREE_MAIL_SHARES, size)]
    firm = np.char.add(np.char.add("firm", (rng.zipf(1.3, size) % 40_000).astype("U5")), ".example").astype(
        object
    )
    thrown = texts(DISPOSABLE_MAIL)[choose(rng, 1 / np.arange(1, len(DISPOSABLE_MAIL) + 1), size)]
    lot = rng.random(size)
    return np.where(lot < disposable, thrown, np.where(lot < disposable + corporate, firm, free)).astype(
        object
    )


def referrals(rng: Rng, size: int) -> Texts:
    """Return referral codes, each used by many."""
    return texts([f"ref-{number}" for number in rng.integers(1000, 1300, size)])


def signup_addresses(rng: Rng, net: Ints) -> Texts:
    """Return an address in each /24, as text."""
    addresses = places.address_text(net + rng.integers(1, 255, len(net)))
    return np.asarray(addresses.to_numpy(zero_copy_only=False), dtype=object)
