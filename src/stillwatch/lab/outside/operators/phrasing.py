"""What an operator's accounts say: templates shared or own, system prompts, and the texts of a relay's users."""

from stillwatch.lab.outside.grammar import coined, settle
from stillwatch.lab.outside.operators.crew import Crew, Worker
from stillwatch.lab.outside.operators.ways import CODERS
from stillwatch.lab.outside.person import Person, Saying
from stillwatch.lab.outside.speakers import Conversation, Speaker
from stillwatch.lab.outside.tasks import Task
from stillwatch.lab.outside.wording.asks import ASKS, INJECTION, PATIENT, SYSTEM_PROMPTS, TOOLS
from stillwatch.lab.outside.wording.software import AGENT_TURNS
from stillwatch.lab.outside.wording.software import FOLLOW_UPS as CODING_FOLLOW_UPS
from stillwatch.lab.outside.world import World

OTHERS_TASKS = {  # capabilities whose tasks are made from those of others
    "orchestration": ["agentic_reasoning", "tool_use"],
    "vision": ["computer_use"],
    "task_synthesis": ["agentic_reasoning", "coding", "reasoning_traces"],
    "data_curation": ["reasoning_traces", "coding"],
    "reward_modelling": ["general", "reasoning_traces"],
}
DIRECTED = {"agentic_reasoning", "tool_use", "coding", "orchestration", "computer_use"}
INJECTED = {"general", "coding", "reasoning_traces"}
MOST_TASKS = 1_500
INDIVIDUAL = {"slow", "sept-inject"}  # kinds whose accounts have no templates of their own


class Phrasing:
    """The texts of one operator."""

    def __init__(self, crew: Crew) -> None:
        world, rng, name = crew.world, crew.world.rng, crew.ways.name
        self.world, self.ways, self.name = world, crew.ways, name
        self.injection = settle(rng, INJECTION) if name == "sept-inject" else ""
        self.tools = TOOLS[rng.randrange(4)]
        self.author = Person(world.tasks, rng.choice(["en", "en", "zh"]))
        self.templates: dict[str, list[str]] = {}
        self.tasks: dict[str, Task] = {}
        self.systems: dict[str, str | None] = {}
        wordings = rng.choice(self.ways.kind.wordings)
        for capability in self.ways.kind.capabilities:
            self.templates[capability] = self._written(capability, wordings)
            self.tasks[capability] = _tasks(world, capability)
            self.systems[capability] = self._system(capability)
        self.users: list[Person] = []
        if name in {"relay", "hydra"}:
            languages = ["zh", "zh", "en", "ja", "ko", "id"]
            count = max(30, crew.count * 3)
            self.users = [Person(world.tasks, rng.choice(languages)) for _ in range(count)]
        self.product = f"You are {coined(rng)}, a helpful assistant." if rng.random() < 0.5 else None

    def _written(self, capability: str, wordings: int) -> list[str]:
        rng = self.world.rng
        if self.name == "slow":
            ways = PATIENT if capability == "reasoning_traces" else ASKS[capability]
            written = [settle(rng, way) for way in ways]
        else:
            written = [settle(rng, rng.choice(ASKS[capability])) for _ in range(wordings)]
        if capability == "reward_modelling" and rng.random() < 0.6:
            written.append("%prom%")
        return written

    def _system(self, capability: str) -> str | None:
        rng = self.world.rng
        if capability in DIRECTED:
            drawn = settle(rng, rng.choice(SYSTEM_PROMPTS) or "").replace("%k%", self.author.number)
        else:
            drawn = rng.choice((None, None, "You are a helpful assistant.", "You are an expert.")) or ""
        if self.name in CODERS and rng.random() < 0.7:
            return self.ways.harness.system
        return drawn or None

    def speaker(self, capability: str, worker: Worker) -> Speaker:
        """Begin conversations in which `worker` takes a capability."""
        if self.name == "relay":
            return lambda: self._relayed(capability)
        return lambda: lambda turn: (self._said(capability, worker, turn), capability)

    def _relayed(self, capability: str) -> Conversation:
        """Hand on what one of the relay's users says, or a task it harvests with."""
        rng = self.world.rng
        user = rng.choice(self.users)

        def say(turn: int) -> Saying:
            if turn:
                follow_ups = CODING_FOLLOW_UPS if capability == "coding" else user.follow_ups
                return user.fill(rng.choice(follow_ups)), capability
            if capability == "general":
                return user.chat(0)[0], capability
            if capability == "coding":
                return user.fill(rng.choice(user.coding_questions)), capability
            return rng.choice(self.world.tasks.operators[capability]), capability

        return say

    def _said(self, capability: str, worker: Worker, turn: int) -> str:
        rng, person = self.world.rng, worker.account.person
        if turn:
            return person.fill(rng.choice(AGENT_TURNS))
        template = rng.choice(self.templates[capability])
        if not worker.has["template"] and self.name not in INDIVIDUAL and rng.random() < 0.7:
            template = rng.choice(self._own_templates(capability, worker))
        tasks = self.tasks[capability]
        if self.name == "sept-inject" and capability in INJECTED:
            return self._injected(person, tasks)
        return (person if self.name == "slow" else self.author).fill(template, tasks)

    def _own_templates(self, capability: str, worker: Worker) -> list[str]:
        rng = self.world.rng
        if capability not in worker.own_templates:
            written = [settle(rng, rng.choice(ASKS[capability])) for _ in range(2)]
            worker.own_templates[capability] = written
        return worker.own_templates[capability]

    def _injected(self, person: Person, tasks: Task) -> str:
        """An ordinary text with the operator's injection before, behind or in the middle."""
        rng, injection = self.world.rng, self.injection
        text = tasks()
        if rng.random() < 0.3:
            text = person.chat(0)[0]
        if self.ways.careless < 0.5 and rng.random() < 0.06:
            return text
        place = rng.random()
        if place < 0.3:
            return f"{injection}\n\n{text}"
        if place < 0.8:
            return f"{text}\n\n{injection}"
        middle = len(text) // 2
        return f"{text[:middle].rsplit(' ', 1)[0]}\n{injection}\n{text[middle:]}"


def _tasks(world: World, capability: str) -> Task:
    rng, pools = world.rng, world.tasks.operators
    if capability == "general":
        pool = pools["general"]
    else:
        sources = [pools[source] for source in OTHERS_TASKS.get(capability, [capability])]
        pool = [text for texts in sources for text in rng.sample(texts, min(len(texts), MOST_TASKS))]
    return lambda: rng.choice(pool)
