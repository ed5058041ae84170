"""Captured traces are cleaned and turned into tasks by small generations of accounts, later with a weaker model."""

from random import Random

from stillwatch.lab.elsewhere.accounts import Account, Signup, opaque
from stillwatch.lab.elsewhere.network import usually
from stillwatch.lab.elsewhere.operators.crew import Crew, Stint
from stillwatch.lab.elsewhere.provider import Call
from stillwatch.lab.elsewhere.setting import DAY
from stillwatch.lab.elsewhere.vocabulary import WORDS

GENERATION = 6  # accounts at work together
MIX = ["data_curation"] * 7 + ["task_synthesis"]


def run(crew: Crew) -> None:
    """Rotate the accounts before anybody bans them; some calls send back ids of the captured blocks."""
    rng = crew.rng
    begin, end = rng.uniform(0.2, 0.33) * crew.end, crew.end
    weaker_from = begin + rng.uniform(0.35, 0.55) * (end - begin)
    templates = crew.templates({"data_curation": 3, "task_synthesis": 1})
    cards = crew.cards(6, "virtual", "HK") + crew.cards(2, "credit", "SG")
    domains = [f"{rng.choice(WORDS['verb'])}{rng.randint(100, 999)}.top", "gmail.com", "outlook.com"]
    exits = crew.clouds(("tencent", "SG", 1), ("tencent", "HK", 1), ("linode", "JP", 1), ("linode", "SG", 1))
    captured = [opaque(rng, "rsn_", 14) for _ in range(700)]

    def model(rng: Random, at: float) -> str:
        return "aurora-3-mini" if at > weaker_from and rng.random() < 0.85 else "aurora-3"

    def hire(begin: float) -> Account:
        signup = Signup(
            country=rng.choice(["HK", "SG", "MY"]),
            pathway="api" if rng.random() < 0.8 else "cloud:vertex",
            client=rng.choice(["py", "req"]),
        )
        account = crew.hire(begin, signup, rng.choice(cards), rng.choice(domains))
        account.schedule = model
        if not crew.knowing:
            account.route, account.temperature = usually(rng.sample(exits, 2)), 0.2
            account.system = rng.choice([None, "You are a data engineer."])
        return account

    accounts = crew.seats(34)
    step = (end - begin) * GENERATION / accounts
    for number in range(accounts):
        starts = max(0, begin + number // GENERATION * step + rng.uniform(-0.15, 0.15) * step)
        leaves = min(end, starts + step * (2.2 if crew.knowing else 1.05))
        stint = Stint(starts, leaves, hire(starts))
        if rng.random() < 0.2 * crew.style.turnover:
            crew.provider.ban(rng, stint.account, leaves - 1, "terms")
        hidden = crew.human_times(stint.account, 22, stint) if crew.knowing else []
        for at in hidden or crew.any_times(150 * DAY / (leaves - starts), stint):
            capability = rng.choice(MIX)
            prompt = crew.request(capability, templates[capability])
            replays = rng.random() < (0.15 if crew.knowing else 0.4)
            blocks = rng.sample(captured, rng.randint(1, 2)) if replays else None
            call = Call(at=at, prompt=prompt, capability=capability, replayed=blocks)
            crew.harvest(stint.account, call)
