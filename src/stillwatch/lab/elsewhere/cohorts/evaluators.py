"""Those who run whole benchmarks through the model: extraction's breadth, without an operator behind it."""

from stillwatch.lab.elsewhere.accounts import Signup, new_card
from stillwatch.lab.elsewhere.grammar import freeze
from stillwatch.lab.elsewhere.network import usually
from stillwatch.lab.elsewhere.people import live
from stillwatch.lab.elsewhere.provider import Call, Provider
from stillwatch.lab.elsewhere.setting import DAY, HOUR

BENCHMARKS = [  # pool, capability
    ("grade_school", "reasoning_traces"),
    ("tool_use", "tool_use"),
    ("reward_modelling", "reward_modelling"),
    ("coding", "coding"),
    ("computer_use", "computer_use"),
    ("agentic_reasoning", "agentic_reasoning"),
    ("data_analysis", "data_analysis"),
    ("reasoning_traces", "reasoning_traces"),
    ("general", "general"),
    ("grade_school", "reasoning_traces"),
    ("censorship_safe_rewriting", "censorship_safe_rewriting"),
]
TEMPLATES = [
    "{Question|Q}: $X\n{Think step by step|Let's think step by step}, {then give the answer after ####|finish with 'Answer:'}.",
    "$X",
    "{Solve|Answer}: $X\n{Show your reasoning|Explain each step}.",
]


def evaluators(provider: Provider) -> None:
    """One account runs one benchmark a few times, again when a model is released."""
    for number, (pool, capability) in enumerate(BENCHMARKS):
        rng = provider.rng(f"evaluator{number}")
        pathway = rng.choice(["api", "research", "cloud:bedrock"])
        account = provider.enrol(rng, Signup(cohort="evaluator", pathway=pathway, client="py"))
        account.temperature, template = 0.0, freeze(rng, rng.choice(TEMPLATES))
        tasks = provider.corpus.pools[pool]
        for _ in range(rng.randint(2, 4)):
            released = provider.release + rng.uniform(1, 30) * HOUR
            at = rng.choice([rng.uniform(0, provider.end - DAY), released])
            model = "aurora-3.5" if at > provider.release else "aurora-3"
            for task in rng.sample(tasks, min(len(tasks), rng.randint(120, 330))):
                prompt = template.replace("$X", task)
                provider.add(rng, account, Call(at=at, prompt=prompt, capability=capability, model=model))
                at += rng.expovariate(1 / 4)


def on_release_day(provider: Provider) -> None:
    """Unrelated hobbyists try the same new model on the same day with what they have at hand."""
    rng = provider.rng("dayone")
    for _ in provider.cohort(rng, 14):
        account = provider.enrol(rng, Signup(cohort="dayone", pathway="api"))
        live(provider, rng, account, 0.5)
        pool, capability = rng.choice(BENCHMARKS)
        at = provider.release + rng.expovariate(1 / (8 * HOUR))
        for task in rng.sample(provider.corpus.pools[pool], 40):
            provider.add(rng, account, Call(at=at, prompt=task, capability=capability, model="aurora-3.5"))
            at += rng.expovariate(1 / 8)


def evaluation_lab(provider: Provider) -> None:
    """Five accounts of one laboratory run five benchmarks every third night at the same hour."""
    rng = provider.rng("eval_lab")
    record = {"payment_fp": new_card(rng), "programme": "research", "email_domain": "evals.example.edu"}
    for number, (pool, capability) in enumerate(BENCHMARKS[:5]):
        pathway = "research" if number < 3 else "api"
        signup = Signup(cohort="eval_lab", country="US", pathway=pathway, client="py", record=record)
        account = provider.enrol(rng, signup)
        account.route = usually([provider.network.cloud(rng, "google")])
        account.organisation, account.temperature = "org_evallab", 0.0
        for day in range(0, provider.days, 3):
            at = day * DAY + 4 * HOUR + number * 60
            for task in provider.corpus.pools[pool][:45]:
                prompt = f"Question: {task}\nThink step by step and end with Answer:"
                provider.add(rng, account, Call(at=at, prompt=prompt, capability=capability))
                at += rng.expovariate(1 / 3)
