"""A proxy network that sells access: many strangers' traffic in its accounts, and one customer who distils."""

from stillwatch.lab.elsewhere.accounts import THROWAWAY_HOSTS, Account, Signup, opaque
from stillwatch.lab.elsewhere.network import usually
from stillwatch.lab.elsewhere.operators.crew import Crew, Stint
from stillwatch.lab.elsewhere.people import Session, own_system
from stillwatch.lab.elsewhere.sayings import BRAID, COMMON_SYSTEM
from stillwatch.lab.elsewhere.setting import DAY
from stillwatch.lab.elsewhere.vocabulary import WORDS

MIX = ["reasoning_traces"] * 4 + ["coding"] * 3 + ["agentic_reasoning"] * 2 + ["reward_modelling"]
NOTE = "{Relay|Proxy} note: {answer|respond} as {Assist-X|the selected model}."
CUSTOMERS = 400
INTERESTS = ["chat", "code", "write", "homework", "assist", "data"]
Customer = tuple[str, str | None, str, str]
"""Interest, system prompt, language and end-user id."""


def run(crew: Crew) -> None:
    """Sell access from the first day, distil from one of the next; customers' calls are innocent."""
    rng, provider = crew.rng, crew.provider
    cards = crew.cards(9, "prepaid") + crew.cards(5, "virtual", "GB")
    domains = [*THROWAWAY_HOSTS[:3], "gmail.com", "gmail.com"]
    templates = crew.templates(dict.fromkeys(MIX, 2))
    exits = crew.clouds(("vpn", "US", 7), ("digitalocean", "SG", 5))
    begins = rng.uniform(1, 5) * DAY
    note = provider.corpus.fill(rng, NOTE) if rng.random() < 0.5 else None
    customers = [_customer(crew) for _ in range(CUSTOMERS)]

    def hire(begin: float) -> Account:
        country = rng.choice(["US", "GB", "SG", "NL"])
        signup = Signup(country=country, pathway="api", client="go")
        account = crew.hire(begin, signup, rng.choice(cards), rng.choice(domains))
        if not crew.knowing:
            account.route, account.agents = usually(exits), ["Go-http-client/2.0", "one-relay/0.6"]
        return account

    for seat in crew.staff(112, hire, crew.span(3, 1), 0.035, (0.1, 9)):
        for stint in seat:
            _serve(crew, stint, customers, note)
            late = Stint(max(stint.begin, begins), max(stint.end, begins), stint.account)
            times = crew.human_times(stint.account, 2.5, late) if crew.knowing else crew.any_times(2.9, late)
            crew.work(stint.account, times, MIX, templates)


def _customer(crew: Crew) -> Customer:
    rng = crew.rng
    system = None
    if rng.random() < 0.5:
        own = own_system(crew.provider, rng, rng.choice(WORDS["company"]))
        system = own if rng.random() < 0.5 else rng.choice([*COMMON_SYSTEM, BRAID])
    language = rng.choice(["en"] * 5 + ["zh", "zh", "ja", "ru", "es"])
    return rng.choice(INTERESTS), system, language, opaque(rng, "k", 8)


def _serve(crew: Crew, stint: Stint, customers: list[Customer], note: str | None) -> None:
    rng = crew.rng
    for at in crew.any_times(1.6, stint):
        popular = min(CUSTOMERS - 1, int(rng.expovariate(1 / 90)))
        interest, system, stint.account.language, end_user = customers[popular]
        session = Session(
            at=at,
            interests=[interest],
            turns=rng.randint(1, 4),
            system=system or note,
            end_user=end_user if rng.random() < 0.2 else None,
        )
        session.hold(crew.provider, rng, stint.account)
