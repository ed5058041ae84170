"""A person: what they talk about and how, drawn once, and templates filled in their way."""

import re
from random import Random

from stillwatch.lab.outside.grammar import coined, spin
from stillwatch.lab.outside.tasks import Task, Tasks
from stillwatch.lab.outside.wording import software
from stillwatch.lab.outside.wording.languages import TALK
from stillwatch.lab.outside.wording.words import CITIES, NAMES, SLOTS

Saying = tuple[str, str | None]
"""A prompt, and the capability an operator takes by it; None where nothing is taken."""

VERBS = ["get", "load", "parse", "sync", "build", "merge", "check"]
FOLDERS = ["src", "app", "lib", "pkg"]
ENDINGS = ["py", "ts", "go", "rs", "java", "kt"]
DEPTH = 4  # times that slots may hold slots
_SLOT = re.compile(r"%(\w+)%")


class Person:
    """Someone with a language, a few topics, projects and habits of writing."""

    def __init__(self, tasks: Tasks, language: str, product: str | None = None) -> None:
        rng = self.rng = tasks.rng
        self.tasks = tasks
        self.language = language if language in TALK else "en"
        talk = TALK[self.language]
        self.topics = rng.sample(talk.topics, min(len(talk.topics), rng.choice((3, 5, 8, 14))))
        self.questions = rng.sample(talk.questions, min(len(talk.questions), rng.choice((2, 4, 7))))
        self.details = rng.sample(talk.details, min(len(talk.details), 6))
        self.follow_ups = rng.sample(talk.follow_ups, min(len(talk.follow_ups), 7))
        self.projects = [coined(rng) for _ in range(rng.choice((1, 2, 3)))]
        self.names = rng.sample(NAMES, 4)
        self.cities = rng.sample(CITIES, 4)
        self.functions = [f"{rng.choice(VERBS)}_{coined(rng).lower()}" for _ in range(5)]
        self.files = [f"{rng.choice(FOLDERS)}/{coined(rng).lower()}.{rng.choice(ENDINGS)}" for _ in range(5)]
        self.programming_language = rng.choice(software.LANGUAGES)
        self.framework = rng.choice(software.FRAMEWORKS)
        self.coding_questions = rng.sample(software.QUESTIONS, 7)
        self.product = product or coined(rng)
        self.rival = coined(rng)
        self.number = str(rng.randrange(100, 499))
        self.closing = rng.choice(
            ["", "", "", "", " :)", " please", "!!", " ...", f" Thanks, {self.names[0]}"]
        )
        self.wild = rng.choice((0.03, 0.08, 0.2))
        self.lowercase = rng.random() < 0.25
        self._lists = {
            "t": self.topics,
            "d": self.details,
            "c": self.cities,
            "name": self.names,
            "name2": self.names,
            "p": self.projects,
            "fn": self.functions,
            "fnx": self.functions,
            "file": self.files,
            "err": software.ERRORS,
            "x": self.questions,
            "chat": self.questions,
        }

    def chat(self, turn: int) -> Saying:
        """Small talk with the model: a question, then what follows it."""
        rng = self.rng
        if turn:
            return self.fill(rng.choice(self.follow_ups)), None
        if rng.random() < self.wild:
            return rng.choice(self.tasks.others["general"]), None
        asked = f"{rng.choice(self.questions)} {rng.choice(self.details)}"
        if rng.random() < 0.4:
            asked += f" {rng.choice(self.details)}"
        said = self.fill(asked) + self.closing
        return (said.lower() if self.lowercase else said).strip(), None

    def code(self, turn: int) -> Saying:
        """A developer's questions, with some small talk in between."""
        rng = self.rng
        if turn:
            return self.fill(rng.choice(software.FOLLOW_UPS)), None
        chance = rng.random()
        if chance < 0.12:
            return rng.choice(self.tasks.others["coding"]), None
        if chance < 0.2:
            return self.chat(0)
        return self.fill(rng.choice(self.coding_questions)) + self.closing, None

    def fill(self, template: str, task: Task | None = None) -> str:
        """Fill a template: choices, slots, answers and a task."""
        rng = self.rng
        said = spin(rng, template)
        for _ in range(DEPTH):
            filled = spin(rng, _SLOT.sub(self._slot, said))
            if filled == said:
                break
            said = filled
        if "%ans" in said:
            said = said.replace("%ans2%", self.answer()).replace("%ans%", self.answer())
        if "%prom%" in said:
            said = said.replace("%prom%", rng.choice(self.tasks.operators["reward_modelling"]))
        if "%task%" in said:
            said = said.replace("%task%", task() if task else rng.choice(self.tasks.others["general"]))
        return said

    def answer(self) -> str:
        """Something that stands for an answer to be judged."""
        rng = self.rng
        whole, decimal = str(rng.randrange(1, 900)), f"{rng.randrange(1, 99)}.{rng.randrange(10)}"
        prose = f"{rng.choice(self.details)} {rng.choice(self.topics)} {rng.choice(self.details)}"
        return rng.choice([whole, decimal, self.fill(prose), rng.choice(self.tasks.answers)])

    def _slot(self, match: re.Match[str]) -> str:
        name, rng = match[1], self.rng
        if name in self._lists:
            return rng.choice(self._lists[name])
        if name in SLOTS:
            return rng.choice(SLOTS[name])
        own = {
            "P": self.product,
            "P2": self.rival,
            "k": self.number,
            "pl": self.programming_language,
            "fw": self.framework,
        }
        return own.get(name) or self._made(name, rng) or match[0]

    @staticmethod
    def _made(name: str, rng: Random) -> str | None:
        if name == "n":
            return str(rng.randrange(2, 13))
        if name == "n2":
            return str(rng.randrange(10, 100))
        return coined(rng) if name == "p2" else None
