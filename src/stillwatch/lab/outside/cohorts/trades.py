"""Trades whose everyday work comes close to harvesting: judges, auditors, annotators, testers, translators."""

from collections.abc import Sequence
from dataclasses import dataclass

from stillwatch.lab.outside.accounts import Signup
from stillwatch.lab.outside.clocks import own_hours, sessions, timetable
from stillwatch.lab.outside.emission import emit
from stillwatch.lab.outside.enrolment import group
from stillwatch.lab.outside.grammar import coined, settle, settled
from stillwatch.lab.outside.person import Person
from stillwatch.lab.outside.routines import own_use
from stillwatch.lab.outside.speakers import Speaker, agentic, chatting, mixed, templated
from stillwatch.lab.outside.tasks import Task
from stillwatch.lab.outside.wording import trades
from stillwatch.lab.outside.wording.asks import ASKS, SYSTEM_PROMPTS
from stillwatch.lab.outside.wording.occasions import BENCHMARKS
from stillwatch.lab.outside.wording.products import PERSONAS
from stillwatch.lab.outside.wording.tasks import GRAMMARS
from stillwatch.lab.outside.workload import DEFAULT, Settings, Workload
from stillwatch.lab.outside.world import World

SERVICE = ("org", "card", "egress", "domain", "client")
OFFICE = ("org", "card", "nat", "domain")
HABITS = ["round_the_clock", "office", "flat", "human"]
PLANS = ["pay-as-you-go", "team", "enterprise"]


@dataclass(frozen=True, kw_only=True)
class Trade:
    """Firms of one kind: how many, how large, what their accounts share and send."""

    cohort: str
    firms: int
    fewest: int
    most: int
    templates: Sequence[str]
    volume: float
    same: Sequence[str] = SERVICE
    tasks: Sequence[str] = ()
    habit: str | None = None
    wordings: int = 2
    systems: Sequence[str | None] = ()
    turns: float = 1.2
    kind: str = "chat"
    refused: float = 0.004
    programmes: Sequence[str | None] = ()
    authorised: bool = False
    tools: list[str] | None = None

    def __call__(self, world: World) -> None:
        """Make the firms of this trade and their calls."""
        for _ in range(world.groups(self.firms)):
            _found(world, self)


def _found(world: World, trade: Trade) -> None:
    rng = world.rng
    templates = settled(rng, list(trade.templates), trade.wordings)
    tasks = world.tasks.any_of(trade.tasks, suite=rng.choice((30, 200, 900))) if trade.tasks else None
    system = _system(world, trade)
    habit = trade.habit or rng.choice(HABITS)
    settings = rng.choice(
        (
            DEFAULT,
            Settings(temperature=0.0, max_tokens=1024),
            Settings(temperature=rng.choice((0.7, 1.0)), n_choices=rng.choice((1, 1, 2, 4))),
        )
    )
    size = rng.randrange(trade.fewest, trade.most + 1)
    like = Signup(
        cohort=trade.cohort,
        plan=rng.choice(PLANS),
        programme=rng.choice(trade.programmes) if trade.programmes else None,
        authorised=trade.authorised,
    )
    accounts = group(world, size, trade.same, like)
    median = trade.volume * rng.choice((0.5, 1, 2)) * (2.5 / max(2.5, len(accounts) ** 0.5))
    work = Workload(
        system=system,
        settings=settings,
        kind=trade.kind,
        refused=trade.refused,
        tools=trade.tools,
        agent=bool(trade.tools),
    )
    for account in accounts:
        account.person.product = accounts[0].person.product
        if rng.random() < 0.25:
            calls = world.volume(median, 0.7, 1_500)
            hour = rng.randrange(24)
            times = timetable(world, calls, hour, begin=account.begins, working_days=True)
        else:
            calls = world.volume(median, 0.7, 1_500)
            hours = own_hours(world, account, habit)
            times = sessions(world, calls, hours, trade.turns, 40, account.begins)
        emit(world, account, _speaker(account.person, trade, templates, tasks), times, work)
        if rng.random() < 0.3:
            own_use(world, account, world.volume(5, 1, 60))


def _system(world: World, trade: Trade) -> str | None:
    if not trade.systems:
        return None
    drawn = world.rng.choice(trade.systems) or ""
    named = drawn.replace("%P%", coined(world.rng))
    return settle(world.rng, named) if named else None


def _speaker(person: Person, trade: Trade, templates: list[str], tasks: Task | None) -> Speaker:
    speaker = templated(person, templates, tasks, follow=trade.turns > 1.5)
    return agentic(person, speaker) if trade.tools else speaker


TRADES = [
    Trade(
        cohort="llm_judge",
        firms=9,
        fewest=2,
        most=12,
        templates=trades.JUDGES,
        volume=60,
        tasks=["general", "tool_use", "reasoning_traces"],
        kind="judge",
        systems=[None, "You are a strict evaluator for %P%.", "You are a judge model."],
    ),
    Trade(
        cohort="audit_capture",
        firms=7,
        fewest=2,
        most=10,
        templates=trades.AUDITS,
        volume=50,
        kind="reason",
        systems=["You document decisions for %P%. Include the full reasoning.", None],
    ),
    Trade(
        cohort="synthetic_data_startup",
        firms=9,
        fewest=1,
        most=10,
        templates=trades.SYNTHETIC_DATA,
        volume=60,
        programmes=["startup", None],
        systems=[None, "You are a data generator for %P%."],
    ),
    Trade(
        cohort="red_team",
        firms=7,
        fewest=2,
        most=8,
        templates=trades.RED_TEAMS,
        volume=45,
        tasks=["censorship_safe_rewriting", "general"],
        refused=0.45,
        habit="office",
        same=OFFICE,
        programmes=["research", None],
    ),
    Trade(
        cohort="authorised_distillation",
        firms=3,
        fewest=10,
        most=45,
        templates=[*ASKS["reasoning_traces"], *ASKS["reward_modelling"][:2], *ASKS["coding"]],
        volume=40,
        tasks=["reasoning_traces", "coding", "tool_use"],
        authorised=True,
        kind="reason",
        wordings=3,
        habit="flat",
    ),
    Trade(
        cohort="localisation",
        firms=6,
        fewest=5,
        most=25,
        templates=trades.LOCALISATION,
        volume=35,
        same=("org", "card", "domain"),
        habit="office",
    ),
    Trade(cohort="data_cleaning", firms=5, fewest=3, most=10, templates=trades.CLEANING, volume=60),
    Trade(
        cohort="white_label",
        firms=5,
        fewest=3,
        most=14,
        templates=["%x% %d%", "who made you? are you {GPT|another model}?", "%x%"],
        volume=45,
        systems=PERSONAS,
        turns=2.5,
    ),
    Trade(
        cohort="moderation",
        firms=4,
        fewest=4,
        most=12,
        templates=trades.MODERATION,
        volume=35,
        tasks=["censorship_safe_rewriting"],
        habit="round_the_clock",
        same=("org", "domain", "card", "nat"),
    ),
    Trade(
        cohort="agent_product",
        firms=6,
        fewest=3,
        most=16,
        templates=[ASKS["agentic_reasoning"][0], "%task%", "Ticket %n2%%n2%: %task%"],
        volume=50,
        tasks=["agentic_reasoning", "computer_use", "tool_use"],
        systems=[SYSTEM_PROMPTS[0], "You are the ops agent of %P%."],
        tools=["bash", "browser", "finish"],
        turns=4,
    ),
    Trade(
        cohort="eval_vendor",
        firms=3,
        fewest=4,
        most=12,
        templates=[*BENCHMARKS, trades.JUDGES[0]],
        volume=70,
        tasks=list(GRAMMARS)[:7],
        kind="reason",
        habit="flat",
        wordings=3,
    ),
    Trade(
        cohort="annotators_office",
        firms=3,
        fewest=20,
        most=60,
        templates=trades.ANNOTATION,
        volume=18,
        tasks=["general"],
        same=("nat", "wave"),
        habit="office",
    ),
]


def annotators_at_home(world: World) -> None:
    """Annotators who work from home in several countries by one guideline, each on an own card."""
    rng = world.rng
    for _ in range(world.groups(2)):
        templates = settled(rng, trades.ANNOTATION)
        tasks = world.tasks.any_of(["general", "tool_use"], suite=300)
        product = coined(rng)
        size = world.members(40, 100)
        countries = rng.sample(["PH", "IN", "NG", "EG", "BR", "MX", "PL"], 4)
        like = Signup(cohort="annotators_home", referral=f"work-{product.lower()}")
        for account in group(world, size, ("wave",), like, countries=countries):
            account.addresses, account.person.product = world.network.homes(account.country), product
            calls = world.volume(18, 0.8, 250)
            hours = own_hours(world, account, "human")
            times = sessions(world, calls, hours, 1.5, 200, account.begins)
            work = Workload(kind="judge")
            emit(world, account, templated(account.person, templates, tasks), times, work)


def journalists(world: World) -> None:
    """Journalists and scholars who ask what is censored, and why."""
    for _ in range(world.groups(60)):
        account = group(world, 1, (), Signup(cohort="journalist_researcher"))[0]
        tasks = world.tasks.any_of(["censorship_safe_rewriting"], suite=12)
        calls = world.volume(8, 0.8, 60)
        hours = own_hours(world, account, "human")
        times = sessions(world, calls, hours, 2, 90, account.begins)
        speaker = templated(account.person, trades.MODERATION[1:], tasks)
        emit(world, account, speaker, times, Workload(refused=0.1))
        own_use(world, account, world.volume(8, 1, 120), code=False)


def translators(world: World) -> None:
    """A guild of translators, who share a style sheet and nothing else."""
    rng = world.rng
    for _ in range(world.groups(3)):
        templates, product = settled(rng, trades.LOCALISATION), coined(rng)
        size = world.members(20, 60)
        countries = rng.sample(["JP", "KR", "BR", "TW", "MX", "ES"], 3)
        for account in group(world, size, (), Signup(cohort="translator_guild"), countries=countries):
            account.addresses, account.person.product = world.network.homes(account.country), product
            person = account.person
            speaker = mixed(rng, (2, templated(person, templates)), (1, chatting(person)))
            calls = world.volume(16, 0.8, 200)
            hours = own_hours(world, account, "human")
            times = sessions(world, calls, hours, 1.8, 120, account.begins)
            emit(world, account, speaker, times)
