"""Some two dozen calls a day from each account, software engineering only, through homes that rotate."""

from stillwatch.lab.elsewhere.accounts import Account, Signup
from stillwatch.lab.elsewhere.grammar import freeze
from stillwatch.lab.elsewhere.network import rotating
from stillwatch.lab.elsewhere.operators.crew import Crew, Stint
from stillwatch.lab.elsewhere.provider import Call
from stillwatch.lab.elsewhere.setting import DAY
from stillwatch.lab.elsewhere.vocabulary import WORDS

ENGINEER = "{You are an autonomous engineer.|You maintain a production repository.|You resolve issues end to end.} {Explain decisions as you go.|Record why each edit is made.|Keep a decision log.} {Stop when tests pass.|Finish with a patch.}"
TOOLS = ["bash", "edit", "view", "submit"]
MIX = ["coding", "coding", "agentic_reasoning"]
HOMES, SECONDS_AT_HOME = 14, 40_000
SPREAD = 3.5  # of the calls a day


def run(crew: Crew) -> None:
    """Keep every account under notice: the same modest volume day after day."""
    rng = crew.rng
    domains = [
        f"{rng.choice(WORDS['noun'])}-{rng.choice(WORDS['mod'])}.{end}" for end in ("dev", "io", "com")
    ]
    domains += ["gmail.com"] * 4
    cards = crew.cards(11, "virtual") + crew.cards(11, "debit") + crew.cards(12, "debit")
    systems = [freeze(rng, ENGINEER) for _ in range(4)]
    templates = crew.templates(dict.fromkeys(MIX, 3))

    def hire(begin: float) -> Account:
        country = rng.choice(["US", "JP", "SG", "DE", "GB", "KR", "CA"])
        pathway = "api" if rng.random() < 0.8 else "app"
        client = rng.choice(["py", "node", "node"])
        signup = Signup(country=country, pathway=pathway, client=client)
        account = crew.hire(begin, signup, rng.choice(cards), rng.choice(domains))
        if not crew.knowing:
            homes = [crew.provider.network.home(rng, country) for _ in range(HOMES)]
            account.route, account.system = rotating(homes, SECONDS_AT_HOME), rng.choice(systems)
        return account

    span = crew.span(5, 2)
    for seat in crew.staff(46, hire, span, 0.012, (6, 40)):
        for stint in seat:
            for at in _times(crew, stint):
                capability = rng.choice(MIX)
                project = f"{rng.choice(WORDS['mod'])}-{rng.choice(WORDS['noun'])}"
                prompt = crew.request(capability, templates[capability], project)
                tools = TOOLS if rng.random() < 0.8 else []
                call = Call(at=at, prompt=prompt, capability=capability, tools=tools)
                crew.harvest(stint.account, call)


def _times(crew: Crew, stint: Stint) -> list[float]:
    if crew.knowing:
        return crew.human_times(stint.account, 17, stint)
    a_day = 26 * crew.style.pace * crew.rng.lognormvariate(0, crew.style.unevenness / 3)
    days = range(int(stint.begin / DAY), int(stint.end / DAY) + 1)
    times = [
        (day + crew.rng.random()) * DAY
        for day in days
        for _ in range(max(0, round(crew.rng.gauss(a_day, SPREAD))))
    ]
    return [at for at in times if stint.begin <= at < stint.end]
