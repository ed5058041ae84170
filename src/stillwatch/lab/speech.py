"""What people say: prompts, follow-ups and answers from grammars, in the voice of each account."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab.arrays import Floats, Ints, Rng, choose, mixed
from stillwatch.lab.grammar import Frames, Words, joined
from stillwatch.lab.vocabulary import ENGLISH, FOLLOW_UPS, FRAMES, LANGUAGES, OTHER_LANGUAGES, REPLIES

OWN_THINGS = 5  # how many of a field's things an account keeps coming back to
OWN_FRAMES = 6
MOST_LOYAL = 0.85  # the most set in their ways take this share of their words from habit; others far less
NAMES = 4096
PASTED = 0.45  # of first turns that carry pasted matter

OPENERS = (
    *[""] * 24,
    "Hi! ", "Hello, ", "hey, ", "Hi there. ", "Good morning. ", "Quick question: ", "Please help. ", "Sorry to ask again, but: ",
    "So, ", "OK so ", "Question for you: ", "I was wondering: ", "Hey, me again. ", "Could you help me? ", "Dear assistant, ",
    "One more thing. ", "Right. ", "Help! ", "Context: I am not an expert. ", "Be brief. ", "Think of me as a colleague. ", "um, ",
)  # fmt: skip
CLOSERS = (
    *[""] * 24,
    " Thanks!", " Thank you in advance.", " Please keep it short.", " thx", " Cheers.", " Answer in bullet points.", " No fluff please.",
    " Use simple words.", " :)", " Many thanks, and sorry for the long text.", " Be honest.", " What do you think?", " In British English please.",
    " Give me a table.", " I am in a hurry.", " Please double-check.", " Max 200 words.", " Explain your choice.", " Do not use emojis.", " pls",
    " Ask me if something is unclear.", " Much appreciated.",
)  # fmt: skip
_STEPS = (
    " Please think step by step.",
    " Explain your reasoning step by step.",
    " Show all the working.",
    " Walk me through how you got there.",
    " Let's think it through in small steps.",
)
_DETAILS = (
    "For background, {n} has been with us for {q} months.",
    "I already looked at {m}, without luck.",
    "By the way, {s}.",
    "{p} depends on it.",
    "The last time it took {q} days.",
    "I care less about {m} than about being able to {g}.",
    "It started with {m} and now it is {n}.",
    "A friend told me to {g} first.",
)
_SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "va",
    "we",
    "xi",
    "yo",
    "za",
    "bre",
    "cla",
    "dru",
    "fli",
    "gro",
    "pla",
    "ske",
    "sto",
    "tri",
    "vel",
    "nor",
    "mar",
    "tes",
    "ula",
]


@dataclass(frozen=True)
class Voices:
    """How the accounts of a crowd speak: arrays with one row an account."""

    language: Ints
    fields: Ints  # (accounts, 3): fields of interest, most loved first
    seed: Ints
    opener: Ints
    closer: Ints


def loyalty_of(habit: Ints) -> Floats:
    """Return the share of its words that an account takes from its own few: people differ, most are loose."""
    even = mixed(habit, 71) % 1000 / 1000
    share: Floats = MOST_LOYAL * even**1.4
    return share


def private_names() -> list[str]:
    """Made-up names of projects, pets and firms, the same in every world."""
    numbers = np.arange(NAMES)
    parts = [mixed(numbers, place) % len(_SYLLABLES) for place in (1, 2, 3)]
    return [
        "".join(_SYLLABLES[part[i]] for part in parts[: 2 + int(i % 2)]).capitalize() for i in range(NAMES)
    ]


class Speech:
    """The compiled grammars; `ask`, `follow` and `answer` speak for many rows at once."""

    def __init__(self) -> None:
        self._words = Words()
        sources = {"en": ENGLISH, **OTHER_LANGUAGES}
        bounds: list[list[int]] = []
        self.fields_of: list[Ints] = []
        for language in LANGUAGES:
            first = len(bounds)
            for lists in sources[language].values():
                edges = [self._words.add(words.split(";")) for words in lists]
                bounds += [[first_or_count for pair in edges for first_or_count in pair]]
            self.fields_of.append(np.arange(first, len(bounds)))
        self._bounds = np.array(bounds, dtype=np.int64)
        self.language_of_field = np.repeat(np.arange(len(LANGUAGES)), [len(ids) for ids in self.fields_of])
        self._names = self._words.add(private_names())
        self._numbers = self._words.add([str(number) for number in range(2, 40)])
        self._openers = self._words.add(OPENERS)
        self._closers = self._words.add(CLOSERS)
        self._steps = self._words.add(_STEPS)
        self.table = self._words.table()
        self._ask = self._compile(FRAMES)
        self._follow = self._compile(FOLLOW_UPS)
        self._answer = self._compile(REPLIES)
        self._detail = Frames(_DETAILS)

    @staticmethod
    def _compile(frames: dict[str, tuple[str, ...]]) -> tuple[Frames, Ints, Ints]:
        every = [frame for language in LANGUAGES for frame in frames[language]]
        counts = np.array([len(frames[language]) for language in LANGUAGES])
        return Frames(every), np.cumsum(counts) - counts, counts

    def slots(self, rng: Rng, field: Ints, habit: Ints, loyalty: float | None = None) -> dict[str, Ints]:
        """Words for every slot of every row: mostly the account's own few (`habit` is its seed), else any."""
        size = len(field)
        loyal = loyalty_of(habit) if loyalty is None else loyalty
        drawn: dict[str, Ints] = {}
        for name, column, kept in (("n", 0, OWN_THINGS), ("m", 0, OWN_THINGS), ("s", 2, 3), ("g", 4, 3)):
            first, count = self._bounds[field, column], self._bounds[field, column + 1]
            own = mixed(habit, field, rng.integers(0, kept, size) * 8 + column) % count
            free = rng.integers(0, 1 << 30, size) % count
            drawn[name] = first + np.where(rng.random(size) < loyal, own, free)
        clash = drawn["m"] == drawn["n"]
        first, count = self._bounds[field, 0], self._bounds[field, 1]
        drawn["m"] = np.where(clash, first + (drawn["n"] - first + 1) % count, drawn["m"])
        drawn["p"] = self._names[0] + mixed(habit, rng.integers(0, 2, size)) % self._names[1]
        drawn["q"] = self._numbers[0] + rng.integers(0, self._numbers[1], size)
        return drawn

    def _frame(
        self,
        rng: Rng,
        compiled: tuple[Frames, Ints, Ints],
        language: Ints,
        habit: Ints,
        loyalty: Floats | float,
    ) -> Ints:
        _, first, count = compiled
        own = mixed(habit, rng.integers(0, OWN_FRAMES, len(habit)), 99) % count[language]
        free = rng.integers(0, 1 << 30, len(habit)) % count[language]
        return first[language] + np.where(rng.random(len(habit)) < loyalty, own, free)

    def ask(self, rng: Rng, voices: Voices, who: Ints, field: Ints, steps: Ints | None = None) -> pa.Array:
        """First turns: an opener, a request, up to two details and a closer. `steps` > 0 asks for reasoning."""
        habit, language = voices.seed[who], self.language_of_field[field]
        loyal = loyalty_of(habit)
        slots = self.slots(rng, field, habit)
        body = self._ask[0].fill(self._frame(rng, self._ask, language, habit, loyal), slots, self.table)
        english = language == 0
        opener = np.where(english & (rng.random(len(who)) < loyal), self._openers[0] + voices.opener[who], 0)
        closer = np.where(english & (rng.random(len(who)) < loyal), self._closers[0] + voices.closer[who], 0)
        parts = [
            self.table.take(pa.array(opener)),
            body,
            self._details(rng, slots, english),
            self.table.take(pa.array(closer)),
        ]
        if steps is not None:
            chosen = self._steps[0] + mixed(habit, 5) % self._steps[1]
            parts.append(self.table.take(pa.array(np.where((steps > 0) & english, chosen, 0))))
        return joined(*parts)

    def _details(self, rng: Rng, slots: dict[str, Ints], english: Ints) -> pa.Array:
        size = len(english)
        texts = []
        for share in (0.6, 0.35):
            told = english & (rng.random(size) < share)
            line = joined(" ", self._detail.fill(rng.integers(0, self._detail.size, size), slots, self.table))
            texts.append(pc.if_else(pa.array(told), line, ""))
        return joined(*texts)

    def notes(self, rng: Rng, field: Ints, habit: Ints) -> pa.Array:
        """Return what people paste below a request: nothing for most, else two to six sentences of their own matter."""
        size = len(field)
        pasted = rng.random(size) < PASTED
        length = np.where(pasted, rng.integers(2, 7, size), 0)
        language = self.language_of_field[field]
        texts = []
        for number in range(6):
            rows = np.flatnonzero(length > number)
            frame = self._frame(rng, self._answer, language[rows], habit[rows], loyalty_of(habit[rows]))
            made = self._answer[0].fill(frame, self.slots(rng, field[rows], habit[rows]), self.table)
            place = np.full(size, -1)
            place[rows] = np.arange(len(rows))
            sentence = joined("\n\n" if number == 0 else " ", made.take(pa.array(place, mask=place < 0)))
            texts.append(pc.fill_null(sentence, ""))
        return joined(*texts)

    def follow(self, rng: Rng, voices: Voices, who: Ints, field: Ints) -> pa.Array:
        """Later turns of a conversation on `field`."""
        habit, language = voices.seed[who], self.language_of_field[field]
        frame = self._frame(rng, self._follow, language, habit, 0.4)
        return self._follow[0].fill(frame, self.slots(rng, field, habit), self.table)

    def answer(self, rng: Rng, field: Ints, seed: Ints) -> pa.Array:
        """Short answers on `field`; the model has no habits, so `seed` only spreads the draws."""
        language = self.language_of_field[field]
        sentences = []
        for share in (1.0, 0.7, 0.35):
            frame = self._frame(rng, self._answer, language, seed, 0.0)
            line = self._answer[0].fill(frame, self.slots(rng, field, seed, 0.0), self.table)
            sentences.append(pc.if_else(pa.array(rng.random(len(field)) < share), joined(line, " "), ""))
        return joined(*sentences)

    def draw_fields(self, rng: Rng, language: Ints) -> Ints:
        """Three fields of interest for each account, in its language; popular fields are popular everywhere."""
        fields = np.zeros((len(language), 3), dtype=np.int64)
        for index in np.unique(language):
            here = np.flatnonzero(language == index)
            ids = self.fields_of[index]
            for column in range(3):
                fields[here, column] = ids[choose(rng, 1 / (4 + np.arange(len(ids))), len(here))]
        return fields
