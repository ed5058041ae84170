"""How accounts are made: one by one, or as groups that share some things by nature."""

from collections.abc import Sequence
from dataclasses import replace

from stillwatch.lab.outside.accounts import MAIL_HOSTS, Account, Card, Signup
from stillwatch.lab.outside.clients import client, programs
from stillwatch.lab.outside.countries import CODES, COUNTRIES, WEIGHTS
from stillwatch.lab.outside.grammar import coined
from stillwatch.lab.outside.person import Person
from stillwatch.lab.outside.world import DAY, World

PLANS = {"free": 45.0, "plus": 25.0, "pay-as-you-go": 20.0, "pro": 10.0}
HABITS = ["evening", "evening", "human", "student", "office", "night"]
ENDINGS = ["com", "io", "co", "net"]

Wave = tuple[float, float]
"""When a group begins to sign up, in days, and the mean delay of a member."""


def signup_time(world: World) -> float:
    """When somebody signs up: mostly long before the log, some during it."""
    rng = world.rng
    if rng.random() < 0.14:
        return rng.uniform(0, world.days * 0.95) * DAY
    return -rng.expovariate(1 / 240.0) * DAY - rng.random() * DAY


def enrol(world: World, signup: Signup) -> Account:
    """Make an account; what the cohort does not fix is drawn."""
    rng = world.rng
    country = signup.country or rng.choices(CODES, WEIGHTS)[0]
    language = rng.choice(COUNTRIES[country].languages)
    if rng.random() < 0.06:
        language = "en"
    number = world.recording.account_form % world.mint(12)
    created = signup_time(world) if signup.created is None else signup.created
    begins = max(0, created + rng.expovariate(1 / 900.0))
    person = Person(world.tasks, language, signup.product)
    addresses = signup.addresses or world.network.homes(country)
    clients = signup.clients or [client(rng, rng.choice(["browser", "browser", "mobile"]))]
    plan = signup.plan or rng.choices(list(PLANS), list(PLANS.values()))[0]
    card = signup.card or (world.card(country) if plan != "free" else None)
    domain = (signup.domain or rng.choice(MAIL_HOSTS)) if rng.random() < 0.999 else None
    device = signup.device or "d_" + world.mint(12)
    account = Account(
        id=number,
        cohort=signup.cohort,
        hard_negative=signup.hard_negative,
        authorised=signup.authorised,
        operator=signup.operator,
        country=country,
        zone=COUNTRIES[country].zone,
        created=created,
        begins=begins,
        person=person,
        addresses=addresses,
        clients=clients,
        plan=plan,
        programme=signup.programme,
        card=card,
        organisation=signup.organisation,
        domain=domain,
        device=device,
        signup_address=signup.signup_address
        or (rng.choice(addresses[:3]) if rng.random() < 0.75 else world.network.home(country)),
        signup_ja4=rng.choice(clients).ja4 if rng.random() < 0.5 else client(rng, "browser").ja4,
        phone_country=country if rng.random() < 0.93 else rng.choice(CODES),
        referral=signup.referral
        or (rng.choice(["search", "friend", "blog", "youtube"]) if rng.random() < 0.3 else None),
        kyc_level=rng.choice((0, 1, 1, 1, 2)) if signup.kyc_level is None else signup.kyc_level,
        habit=signup.habit or rng.choice(HABITS),
        keys=["key_" + world.mint(10) for _ in range(rng.choice((1, 1, 1, 2, 3)))],
        model_rank=rng.choices([0, 1, 2, 3], [40, 30, 25, 5])[0],
        adopts=_adoptions(world),
        loyalty=rng.choice((0.6, 0.85, 0.97)),
        usual_max_tokens=rng.choice((None, None, 1024, 2000, 4096, 8192, 16384)),
        uses_programme=rng.random() < 0.5,
        phone_hash=f"ph_{rng.getrandbits(48):012x}",
    )
    world.accounts.append(account)
    return account


def _adoptions(world: World) -> list[float]:
    rng, releases = world.rng, world.models.releases
    adopts = [day + (rng.expovariate(1 / 9.0) if rng.random() < 0.6 else 999) for day in releases]
    return list(releases) if rng.random() < 0.04 else adopts


def group(
    world: World,
    size: int,
    same: Sequence[str],
    like: Signup,
    *,
    countries: Sequence[str] | None = None,
    cards: Sequence[Card] | None = None,
    wave: Wave | None = None,
) -> list[Account]:
    """Make accounts that share the named things: org, domain, card, nat, egress, client, wave.

    What `like` fixes is shared, too; a country of `countries` and a card of `cards` is drawn for each.
    """
    rng = world.rng
    home = rng.choice(CODES)
    country = like.country or home
    product = coined(rng)
    shared = replace(like, product=product, country=country)
    shared = _share_things(world, shared, same, home)
    if "wave" in same:
        begin = rng.choice((rng.uniform(-60, -2), rng.uniform(0, world.days - 8)))
        wave = begin, rng.choice((0.05, 0.3, 2.0))
    return [enrol(world, _member(world, shared, countries, cards, wave)) for _ in range(size)]


def _share_things(world: World, like: Signup, same: Sequence[str], home: str) -> Signup:
    rng, network = world.rng, world.network
    if "org" in same:
        like = replace(like, organisation="org_" + world.mint(8))
    if "domain" in same:
        like = replace(like, domain=f"{(like.product or '').lower()}.{rng.choice(ENDINGS)}")
    if "card" in same:
        like = replace(like, card=world.card(home, rng.choice(["invoice", "credit", "debit", "credit"])))
    if "nat" in same:
        like = replace(like, addresses=[network.home(home) for _ in range(rng.choice((1, 2, 3)))])
    if "egress" in same:
        like = replace(like, addresses=[network.cloud() for _ in range(rng.choice((1, 2, 4)))])
    if "client" in same:
        like = replace(like, clients=programs(rng))
    return like


def _member(
    world: World,
    shared: Signup,
    countries: Sequence[str] | None,
    cards: Sequence[Card] | None,
    wave: Wave | None,
) -> Signup:
    rng = world.rng
    if countries:
        shared = replace(shared, country=rng.choice(countries))
    if cards:
        shared = replace(shared, card=rng.choice(cards))
    if wave and rng.random() < 0.93:
        shared = replace(shared, created=(wave[0] + rng.expovariate(1 / wave[1])) * DAY)
    return shared
