"""Three campaigns of one kind: synchronised waves, several doors at once, and a queue that pivots to a release."""

from random import Random

from stillwatch.lab.elsewhere.accounts import MAIL_HOSTS, THROWAWAY_HOSTS, Account, Signup
from stillwatch.lab.elsewhere.grammar import freeze
from stillwatch.lab.elsewhere.network import usually
from stillwatch.lab.elsewhere.operators.crew import Card, Crew, Seat, Stint, Templates, on_duty
from stillwatch.lab.elsewhere.people import Hours
from stillwatch.lab.elsewhere.provider import Call
from stillwatch.lab.elsewhere.setting import HOUR
from stillwatch.lab.elsewhere.vocabulary import WORDS

SOLVER = "You are a careful {annotator|expert solver}. {Follow the format exactly.|}"
ENGINEER = "{You are a senior engineer agent.|You are a coding agent working in an isolated repository.} {Think before acting.|Plan, then act.} {Return complete work only.|No partial answers.} run_id="
REASONS = ["reasoning_traces"] * 6 + ["reward_modelling"] * 3 + ["censorship_safe_rewriting"]
BREADTH = ["agentic_reasoning", "tool_use", "coding", "data_analysis", "computer_use", "vision"]
WORK = ["coding"] * 4 + ["tool_use"] * 3 + ["orchestration"] * 2 + ["agentic_reasoning"]
SHIFT = 2 * HOUR


def reason(crew: Crew) -> None:
    """Reasoning after the fact, rubric grading and safe rewriting, in waves over all accounts at once."""
    rng = crew.rng
    cards = crew.cards(4, "virtual", "HK") + crew.cards(3, "prepaid", "SG")
    own_domain = f"{rng.choice(WORDS['mod'])}{rng.randint(10, 99)}.xyz"
    domains = [rng.choice(THROWAWAY_HOSTS), "gmail.com", "proton.me", own_domain]
    templates = crew.templates({"reasoning_traces": 3, "reward_modelling": 2, "censorship_safe_rewriting": 1})
    systems = [None, "You are a helpful assistant.", freeze(rng, SOLVER)]
    span = crew.span(5, 4)
    exits = crew.clouds(("alibaba", "SG", 5), ("tencent", "HK", 3))
    exits += [crew.provider.network.home(rng, "JP") for _ in range(6)]

    def hire(begin: float) -> Account:
        country, client = rng.choice(["SG", "HK", "JP", "US"]), rng.choice(["py", "py", "req"])
        signup = Signup(country=country, pathway="api", client=client)
        account = crew.hire(begin, signup, rng.choice(cards), rng.choice(domains))
        if not crew.knowing:
            account.route, account.system = usually(rng.sample(exits, 3)), rng.choice(systems)
            account.temperature, account.max_tokens = rng.choice([(0.7, 8192), (1.0, 8192), (None, 4096)])
        return account

    seats = crew.staff(44, hire, span, 0.02, (0.5, 20))
    if crew.knowing:
        _quietly(crew, seats, 6, REASONS, templates)
        return
    at = span[0]
    while at < span[1]:
        capability = rng.choice(REASONS)
        for seat in seats:
            if (account := on_duty(seat, at)) and rng.random() < 0.8:
                _wave(crew, account, at, capability, templates)
        at += rng.choice([4, 6, 8, 8, 12]) * HOUR + rng.gauss(0, 200)


def _wave(crew: Crew, account: Account, at: float, capability: str, templates: Templates) -> None:
    at += crew.rng.uniform(0, 100)
    for _ in range(crew.volume(2.5, 1)):
        prompt = crew.request(capability, templates[capability])
        choices = crew.rng.choice([None, None, 4])
        crew.harvest(account, Call(at=at, prompt=prompt, capability=capability, n_choices=choices))
        at += crew.rng.expovariate(1 / 7)


def _quietly(
    crew: Crew, seats: list[Seat], per_day: float, capabilities: list[str], templates: Templates
) -> None:
    for stint in (stint for seat in seats for stint in seat):
        times = crew.human_times(stint.account, per_day, stint)
        crew.work(stint.account, times, capabilities, templates)
        crew.cover(stint, crew.rng.randint(0, 5))


def _families(crew: Crew, rng: Random) -> list[tuple[str, str, list[Card], str, str | None, str | None]]:
    """Pathway, client, cards, country, cloud and mail domain of each door."""
    unpaid: list[Card] = [{"payment_fp": None, "payment_kind": None}]
    labs, firm = f"{rng.choice(WORDS['noun'])}labs.ai", f"{rng.choice(WORDS['mod'])}ly.io"
    return [
        ("api", "py", crew.cards(1, "credit", "SG"), "SG", "amazon", labs),
        ("app", "browser", crew.cards(14, "virtual"), "US", None, "gmail.com"),
        ("cloud:bedrock", "py", crew.cards(2, "invoice", "HK"), "HK", "amazon", None),
        ("edu", "browser", unpaid, "TW", None, "st.nkpu.example.tw"),
        ("startup", "node", crew.cards(3, "credit"), "US", "google", firm),
    ]


def broad(crew: Crew) -> None:
    """Six capabilities through five doors; late in the log most of it turns to reasoning traces."""
    rng, network = crew.rng, crew.provider.network
    templates = crew.templates(dict.fromkeys([*BREADTH, "reasoning_traces"], 2))
    families = _families(crew, rng)
    turn = rng.uniform(0.6, 0.75) * crew.end

    def hire(begin: float) -> Account:
        path, client, cards, country, cloud, domain = rng.choices(families, [4, 2.5, 1.5, 1, 1.5])[0]
        programme = path if path in {"edu", "startup"} else None
        pathway = path if rng.random() < 0.9 else "api"
        signup = Signup(country=country, pathway=pathway, client=client, record={"programme": programme})
        account = crew.hire(begin, signup, rng.choice(cards), domain or rng.choice(MAIL_HOSTS))
        if not crew.knowing:
            homes = [network.home(rng, country) for _ in range(2)]
            account.route = usually([network.cloud(rng, cloud, country)] if cloud else homes)
        return account

    def harvest(stint: Stint, favourites: list[str]) -> None:
        by_hand = stint.account.pathway in {"app", "edu"}
        if crew.knowing:
            times = crew.human_times(stint.account, 4.5, stint)
        elif by_hand:
            count = crew.volume(5, stint.days)
            times = Hours(8, work=True).draw(rng, count, stint.begin, stint.end)
        else:
            times = crew.any_times(5, stint)
        before = [at for at in times if at <= turn or rng.random() > 0.55]
        crew.work(stint.account, before, favourites, templates)
        after = sorted(set(times) - set(before))
        crew.work(stint.account, after, ["reasoning_traces"], templates)
        if by_hand or crew.knowing:
            crew.cover(stint, rng.randint(1, 4))

    span = crew.span(4, 2)
    for seat in crew.staff(105, hire, span, 0.012, (2, 60)):
        favourites = rng.sample(BREADTH, 3)
        for stint in seat:
            harvest(stint, favourites)


def pivot(crew: Crew) -> None:
    """One queue over accounts in shifts: coding and orchestration, and the new model within a day."""
    rng = crew.rng
    templates = crew.templates(dict.fromkeys(WORK, 2))
    cards = crew.cards(3, "credit", "SG") + crew.cards(10, "virtual")
    domains = ["outlook.com", "gmail.com", f"{rng.choice(WORDS['noun'])}{rng.choice(WORDS['mod'])}.com"]
    system, span = freeze(rng, ENGINEER), crew.span(6, 2)
    pivots = crew.provider.release + rng.uniform(3, 18) * HOUR
    exits = crew.clouds(
        ("vultr", "JP", 4), ("vultr", "SG", 4), ("amazon", "SG", 4), ("tencent", "SG", 4), ("oracle", "JP", 4)
    )

    def model(rng: Random, at: float) -> str:
        return "aurora-3.5" if at > pivots and rng.random() < 0.5 else "aurora-3"

    def hire(begin: float) -> Account:
        signup = Signup(
            country=rng.choice(["SG", "JP", "US", "MY"]),
            pathway="api" if rng.random() < 0.85 else "cloud:vertex",
            client=rng.choice(["go", "py", "node"]),
        )
        account = crew.hire(begin, signup, rng.choice(cards), rng.choice(domains))
        account.schedule = model
        if not crew.knowing:
            account.route, account.stream = usually(rng.sample(exits, 2)), False
            account.system = f"{system}{rng.getrandbits(24):06x}" if rng.random() < 0.7 else None
        return account

    seats = crew.staff(88, hire, span, 0.03, (0.2, 10))
    if crew.knowing:
        _quietly(crew, seats, 8, WORK, templates)
        return
    for number in range(len(seats)):  # each brings its share of the queue, and whoever is on shift takes it
        for at in crew.any_times(7, Stint(*span, seats[number][0].account)):
            on_shift = [seat for place, seat in enumerate(seats) if (place * 7 + int(at / SHIFT)) % 3 == 0]
            if account := on_duty(rng.choice(on_shift), at):
                crew.work(account, [at], WORK, templates)
