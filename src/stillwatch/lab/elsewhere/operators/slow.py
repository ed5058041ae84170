"""A patient operator: a handful of calls a day from aged accounts at home, hardly two worded alike."""

from stillwatch.lab.elsewhere.accounts import MAIL_HOSTS, Account, Signup
from stillwatch.lab.elsewhere.asks import ASKS
from stillwatch.lab.elsewhere.corpus import loose_ask
from stillwatch.lab.elsewhere.network import usually
from stillwatch.lab.elsewhere.operators.crew import Crew, Stint
from stillwatch.lab.elsewhere.provider import Call
from stillwatch.lab.elsewhere.setting import DAY

SUBJECTS = ["reasoning_traces", "reasoning_traces", "coding", "reward_modelling", "agentic_reasoning"]


def run(crew: Crew) -> None:
    """Work in human hours over the whole log, with innocent sessions in between."""
    rng, network = crew.rng, crew.provider.network
    cards = crew.cards(22, "debit") + crew.cards(8, "virtual")

    def hire(begin: float) -> Account:
        country = rng.choice(["US", "CA", "GB", "AU", "SG", "IN"])
        pathway, age = rng.choice(["app", "api", "api"]), rng.uniform(5, 50) * DAY
        signup = Signup(country=country, pathway=pathway, age=age)
        account = crew.hire(begin, signup, rng.choice(cards), rng.choice(MAIL_HOSTS))
        if not crew.knowing:
            account.route = usually([network.home(rng, country) for _ in range(2)])
        return account

    for seat in crew.staff(56, hire, crew.span(2, 1), 0.004, (20, 90)):
        subjects = rng.sample(SUBJECTS, 3)
        for stint in seat:
            _work(crew, stint, subjects)
            crew.cover(stint, rng.randint(1, 6))


def _work(crew: Crew, stint: Stint, subjects: list[str]) -> None:
    rng, corpus = crew.rng, crew.provider.corpus
    for at in crew.human_times(stint.account, 4.5 if crew.knowing else 6, stint):
        capability = rng.choice(subjects)
        loosely = crew.knowing or rng.random() < 0.8
        ask = loose_ask(rng, capability) if loosely else rng.choice(ASKS[capability])
        prompt = corpus.fill(rng, ask, corpus.task(rng, capability, crew.style.part))
        call = Call(
            at=at, prompt=prompt if rng.random() < 0.8 else prompt.lower(), capability=capability, tools=[]
        )
        crew.harvest(stint.account, call)
