"""People who do the same at the same time: classes, hackathons, new users after a launch."""

from stillwatch.lab.elsewhere.accounts import Signup
from stillwatch.lab.elsewhere.network import COUNTRIES, usually
from stillwatch.lab.elsewhere.people import ask, live, own_system
from stillwatch.lab.elsewhere.provider import Call, Provider
from stillwatch.lab.elsewhere.setting import DAY, HOUR
from stillwatch.lab.elsewhere.vocabulary import WORDS

STARTER = "You are the {starter kit|template} agent for {HackNight|BuildDay} $N. Use the tools to {serve|help} the user."
FIRST_QUESTIONS = [
    "Hello!",
    "What can you do?",
    "Write a haiku about the sea",
    "Explain quantum computing in simple terms",
    "Tell me a joke",
    "Write a python script that renames files",
    "Summarise this page",
]


def classrooms(provider: Provider) -> None:
    """A class asks for the steps of the same tasks within minutes, from one address, in three lessons."""
    for number, (pupils, country) in enumerate([(60, "US"), (38, "TW"), (34, "DE")]):
        rng = provider.rng(f"classroom{number}")
        school, topic = provider.network.home(rng, country), rng.choice(WORDS["topic"])
        day = rng.choice([day for day in range(provider.days) if day % 7 < 5])
        lesson = day * DAY + (9 - COUNTRIES[country].zone) * HOUR
        assignment = [
            f"Explain {topic} and give your reasoning step by step, including mistakes you considered",
            f"why does {topic} matter? 200 words",
        ]
        tasks = rng.sample(provider.corpus.pools["grade_school"], 6)
        assignment += [f"{task} Show every step of your thinking." for task in tasks]
        record = {
            "email_domain": f"school{number}.example.edu",
            "referral": f"class-{number}",
            "payment_fp": None,
            "payment_kind": None,
        }
        for _ in provider.cohort(rng, pupils):
            signup = Signup(
                cohort="classroom",
                country=country,
                pathway="edu",
                language="en",
                age=rng.uniform(0, 9) * DAY - lesson if number else None,
                record=record,
            )
            account = provider.enrol(rng, signup)
            account.route = usually([school, provider.network.home(rng, country)])
            for week in range(3):
                at = lesson + week * 7 * DAY + rng.expovariate(1 / 400)
                for task in rng.sample(assignment, rng.randint(2, 5)):
                    prompt = task if rng.random() < 0.8 else task.lower() + rng.choice([" pls", "??", " thx"])
                    call = Call(at=at, prompt=prompt, capability="reasoning_traces", address=school)
                    provider.add(rng, account, call)
                    at += rng.expovariate(1 / 180)


def hackathons(provider: Provider) -> None:
    """Two days, one hall, one starter kit, prepaid credits, accounts opened for the occasion."""
    for number, people in enumerate([60, 40]):
        rng = provider.rng(f"hackathon{number}")
        country = rng.choice(["US", "IN", "GB"])
        hall, system = provider.network.home(rng, country), provider.corpus.fill(rng, STARTER)
        begin = rng.choice([day for day in range(provider.days - 1) if day % 7 == 5]) * DAY
        record = {
            "referral": f"HACK{number}",
            "payment_kind": "prepaid",
            "payment_fp": f"pm_promo{number}" if number else None,
            "payment_bin": None,
            "plan": "credits",
        }
        for _ in provider.cohort(rng, people):
            signup = Signup(
                cohort="hackathon",
                country=country,
                pathway="api",
                client=rng.choice(["py", "node"]),
                age=rng.uniform(0, 30) * HOUR - begin,
                record=record,
            )
            account = provider.enrol(rng, signup)
            account.route = usually([hall, provider.network.home(rng, country)])
            account.system = system if rng.random() < 0.6 else own_system(provider, rng, account.project)
            tools = ["search", "send_sms", "db_write"] if rng.random() < 0.6 else None
            for _ in range(rng.randint(4, 45)):
                prompt, capability = ask(provider, rng, account, rng.choice(["code", "assist"]))
                call = Call(
                    at=begin + rng.uniform(0, 40) * HOUR,
                    prompt=prompt,
                    capability=capability,
                    tools=tools,
                    tool_calls=rng.randint(0, 2),
                )
                provider.add(rng, account, call)


def onboarding(provider: Provider) -> None:
    """A launch brings strangers who sign up within two days and click through the same first questions."""
    rng = provider.rng("onboarding")
    day = rng.randrange(2, provider.days - 3)
    for _ in provider.cohort(rng, 130):
        joined = day * DAY + min(2.5 * DAY, rng.expovariate(1 / (10 * HOUR)))
        pathway = "app" if rng.random() < 0.6 else "api"
        signup = Signup(cohort="onboarding", pathway=pathway, age=-joined, record={"referral": "launch"})
        account = provider.enrol(rng, signup)
        at = joined + rng.uniform(30, 900)
        for question in rng.sample(FIRST_QUESTIONS, rng.randint(1, 4)):
            provider.add(rng, account, Call(at=at, prompt=question))
            at += rng.expovariate(1 / 60)
        live(provider, rng, account, 0.7)
