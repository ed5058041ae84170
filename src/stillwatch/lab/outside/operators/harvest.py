"""What an operator takes: a call or conversation after the other, by whoever is on, until it has enough."""

import math
from dataclasses import dataclass, replace

from stillwatch.lab.outside.accounts import Account
from stillwatch.lab.outside.clocks import Session
from stillwatch.lab.outside.emission import Caller, emit
from stillwatch.lab.outside.operators.crew import Crew, Worker
from stillwatch.lab.outside.operators.phrasing import Phrasing
from stillwatch.lab.outside.operators.shifts import Shifts
from stillwatch.lab.outside.workload import Kept, Settings, Workload
from stillwatch.lab.outside.world import DAY, World

WORK = {
    "reasoning_traces": "reason",
    "data_curation": "reason",
    "reward_modelling": "judge",
    "coding": "code",
    "agentic_reasoning": "tool",
    "tool_use": "tool",
}
AGENTIC = {"agentic_reasoning", "orchestration", "computer_use"}
AGENTIC_IN_CONVERSATION = {"coding", "tool_use"}
LONG_ANSWERS = {"reasoning_traces", "coding", "data_curation"}
GUI_TOOLS = ["screenshot", "click", "type", "scroll"]
CAPTURING = {
    "feb-reasoning",
    "sept-inject",
    "hydra",
}  # kinds that keep some sealed reasoning for later cleaning
LONGEST = 14  # calls of a conversation
PATIENCE = 3  # tries for each call that is wanted


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is wanted, and how it changes while the operator works; times are days."""

    wanted: int
    early: dict[str, float]
    late: dict[str, float]  # capabilities after `turning`
    turning: float
    usual_model: str
    new_model: str | None
    released: float
    share: float  # of calls that go to a new model at first
    delay: float


def draw_plan(crew: Crew) -> Plan:
    """Draw the plan of one operator."""
    world, ways = crew.world, crew.ways
    rng, models, early = world.rng, world.models, dict(ways.kind.capabilities)
    late = early
    if rng.random() < 0.4:
        late = {capability: weight * rng.uniform(0.2, 3) for capability, weight in early.items()}
    turning = rng.uniform(world.days * 0.35, world.days * 0.7)
    reached = [day for day in models.releases if ways.begin + 1 < day < ways.end - 1]
    return Plan(
        wanted=int(ways.calls * crew.count),
        early=early,
        late=late,
        turning=turning,
        usual_model=rng.choice(models.old[:2]),
        new_model=models.new[models.releases.index(reached[-1])] if reached else None,
        released=reached[-1] if reached else 0.0,
        share=rng.uniform(0.42, 0.6),
        delay=rng.uniform(0.05, 0.7),
    )


def harvest(crew: Crew, phrasing: Phrasing, shifts: Shifts, foreign: Kept) -> Settings:
    """Take what the operator wants, and return the settings of its program.

    `foreign` holds ids of sealed reasoning that others captured.
    """
    plan = draw_plan(crew)
    harvester = _Harvester(crew, phrasing, shifts, plan, foreign)
    calls = crew.world.calls
    enough, tries = len(calls) + plan.wanted, 0
    while len(calls) < enough and tries < plan.wanted * PATIENCE:
        tries += 1
        at = shifts.draw_time()
        worker = shifts.pick(at)
        if worker:
            harvester.converse(worker, at)
    return harvester.settings


class _Harvester:
    def __init__(self, crew: Crew, phrasing: Phrasing, shifts: Shifts, plan: Plan, foreign: Kept) -> None:
        world, rng, ways = crew.world, crew.world.rng, crew.ways
        self.world, self.ways, self.phrasing, self.shifts = world, ways, phrasing, shifts
        self.plan, self.foreign, self.name = plan, foreign, ways.name
        self.settings = _settings(world, ways.name)
        self.accept_language = "zh-CN,zh;q=0.9" if ways.careless > 0.8 else None
        self.output = rng.uniform(5.3, 5.9)

    def converse(self, worker: Worker, at: float) -> None:
        """Take one capability in one conversation that begins at `at`."""
        rng = self.world.rng
        weights = self.plan.late if at > self.plan.turning * DAY else self.plan.early
        capability = rng.choices(list(weights), list(weights.values()))[0]
        talks = self.ways.kind.turns > 1.5 and self.name != "relay"
        agent = capability in AGENTIC or (capability in AGENTIC_IN_CONVERSATION and talks)
        session = self._times(worker, at, agent=agent)
        caller: Caller = worker.account
        if self.name == "relay" and self.ways.ties["rhythm"] > 0 and rng.random() < 0.6:
            caller = self._wandering(worker)
        if self.name == "hydra" and capability == "general":
            capability = "reasoning_traces"
        work = self._replaying(self._work(worker, capability, agent=agent), capability)
        emit(self.world, caller, self.phrasing.speaker(capability, worker), [session], work)

    def _times(self, worker: Worker, at: float, *, agent: bool) -> Session:
        rng = self.world.rng
        long = agent or self.name in {"relay", "slow"}
        turns = self.ways.kind.turns if long else 1.0
        session = [at]
        while rng.random() < 1 - 1 / max(1.0001, turns) and len(session) < LONGEST:
            at += rng.uniform(4, 40) if agent else 60 * math.exp(rng.gauss(0, 0.8))
            session.append(at)
        end = min(worker.account.ends, self.world.end)
        return [time for time in session if time < end]

    def _wandering(self, worker: Worker) -> Caller:
        """A conversation whose turns go to any account that is on."""

        def account(turn: int, at: float) -> Account:
            other = self.shifts.pick(at) if turn else None
            return (other or worker).account

        return account

    def _work(self, worker: Worker, capability: str, *, agent: bool) -> Workload:
        relayed = self.name == "relay"
        system = self.phrasing.product if relayed else self.phrasing.systems[capability]
        work = Workload(
            operator=f"op-{self.name}",
            system=system,
            kind=WORK.get(capability, "chat"),
            settings=replace(self.settings, stream=True) if relayed else self.settings,
            pathway=worker.pathways,
            model=self._model,
            output=self.output + (0.5 if capability in LONG_ANSWERS else 0),
            accept_language=None if relayed else self.accept_language,
            refused=0.25 if capability == "censorship_safe_rewriting" else 0.02,
            sealed=0.25 if relayed else 0.15 if agent else 0.0,
        )
        if agent:
            harness = self.ways.harness
            own = system == harness.system
            work = replace(work, agent=True, tools=harness.tools if own else self.phrasing.tools)
        if capability == "vision":
            work = replace(work, images=lambda: self.world.rng.choice((1, 1, 2)))
        if capability == "computer_use":
            work = replace(work, images=lambda: 1, tools=GUI_TOOLS)
        return work

    def _replaying(self, work: Workload, capability: str) -> Workload:
        """Let a call capture sealed reasoning, or send back what was captured."""
        rng, reasoning = self.world.rng, capability == "reasoning_traces"
        if self.name in CAPTURING and reasoning and rng.random() < 0.1:
            return replace(work, keep=self.foreign, sealed=0.8)
        if self.name != "trace-cleaning":
            return work
        if reasoning:
            return replace(work, keep=self.foreign, sealed=0.9)
        known = self.foreign if rng.random() < 0.8 else []
        if rng.random() < self.ways.ties["replay"]:
            return replace(work, resume=lambda at: self._sent_back(known, at))
        return work

    def _sent_back(self, known: Kept, at: float) -> list[str]:
        rng = self.world.rng
        if not known:
            return ["rs_" + self.world.mint(14)]
        sampled = rng.sample(known, min(len(known), 12))
        return [made for when, made in sampled if when < at][: rng.choice((1, 1, 2, 4))]

    def _model(self, at: float) -> str | None:
        rng, plan = self.world.rng, self.plan
        if self.name == "trace-cleaning":
            cleaning = at > plan.turning * DAY and rng.random() < 0.85
            return self.world.models.old[3] if cleaning else plan.usual_model
        if self.name == "feb-coding-pivot" and plan.new_model:
            day = at / DAY
            if day > plan.released + plan.delay * rng.random():
                share = plan.share + 0.3 * min(1, (day - plan.released) / 5)
                return plan.new_model if rng.random() < share else plan.usual_model
        return plan.usual_model if rng.random() < 0.8 else None


def _settings(world: World, name: str) -> Settings:
    rng = world.rng
    return Settings(
        max_tokens=rng.choice((2048, 4096, 8192, 16384)) if rng.random() < 0.6 else None,
        temperature=rng.choice((0.6, 0.7, 1.0)) if rng.random() < 0.6 else None,
        reasoning_effort="high" if rng.random() < 0.5 else None,
        n_choices=4 if name == "feb-reasoning" and rng.random() < 0.5 else None,
    )
