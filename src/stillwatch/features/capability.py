"""What an exchange takes from the model: shares over the closed list of capabilities, structure first and text second.

Scores add up what the tools offered, images, tool results and sampling settings say, and what phrases in the
user's turn and system prompt say; a softmax makes shares of them. All capabilities use the same weights for
phrases of the same grade, so no source of texts can be fitted by a weight of its own. A missing field adds
nothing.

Text alone cannot tell a live question put to a tool from the same question put to a chat, nor a question on a
table that is not there from trivia; look at shares over many exchanges, not at one.
"""

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.features.cues import Hits, counted, cue_counts, cue_hits, near
from stillwatch.features.elicitation import INDEX, MOST, SPAN, asked, graded
from stillwatch.features.key import SketchKey
from stillwatch.features.lexicons import READ, TOOLS
from stillwatch.features.words import Words, words_of
from stillwatch.records import CAPABILITIES

GRADES = {"strong": 2.0, "clear": 0.9, "faint": 0.35}
LEADS = 0.8  # the turn begins with a verb of the capability: what is wanted is a deed of that kind
BESIDE = 1.3  # a verb of the capability near one of its objects
BESIDE_TOOLS = (
    0.6  # of what the text says where tools are offered: they say what the work is, text what it is about
)
OF_SYSTEM = 0.7  # a system prompt describes the job in general, the turn what is asked now
SHARPNESS = (
    1.35  # least log loss over the public sources at equal weight; 1.2 to 1.35 whichever source is left out
)
BIAS = {  # what has no sign of anything else is general; work of model makers needs more than a word
    "general": 1.2,
    "orchestration": -0.6,
    "vision": -0.6,
    "reward_modelling": -0.6,
    "censorship_safe_rewriting": -0.6,
    "task_synthesis": -0.6,
    "data_curation": -0.6,
}

# From tool names: score added for offering a tool of that kind.
OFFERED: dict[str, dict[str, float]] = {
    "screen": {"computer_use": 5.0},
    "shell": {"agentic_reasoning": 1.8, "coding": 1.4},
    "files": {"agentic_reasoning": 1.1, "coding": 1.3},
    "code": {"coding": 4.0, "agentic_reasoning": 0.6},
    "delegate": {"orchestration": 5.0, "agentic_reasoning": 0.5},
    "plans": {"orchestration": 1.5},  # harnesses plan too, and so do calendars
    "data": {"data_analysis": 3.8},
    "sight": {"vision": 2.5},
    "grades": {"reward_modelling": 4.0},
    "tasks": {"task_synthesis": 4.0},
    "cleans": {"data_curation": 4.0},
}
OTHER_TOOLS = {"tool_use": 5.0}  # tools that no kind above knows: an interface of the customer's own
ANY_TOOLS = {"general": -1.0}
IMAGES = {"vision": 5.0}
IMAGES_OF_A_SCREEN = {"computer_use": 1.5}
TOOL_RESULTS = {"agentic_reasoning": 0.8, "tool_use": 0.6}
LONG_LOOP, LONG_LOOP_TURNS = {"agentic_reasoning": 1.0}, 8
SEVERAL_CHOICES = {"reasoning_traces": 0.4, "reward_modelling": 0.4}
LOG_PROBABILITIES = {"reward_modelling": 0.8}
# By the square of the demand: a task plainly of another kind keeps its kind.
ASKS_FOR_REASONING = {"reasoning_traces": 3.0}
ASKS_FOR_GRADES = {"reward_modelling": 8.0}  # whatever is graded
WORD_PROBLEM = {"reasoning_traces": 3.0}
FEW_NUMBERS = 4.0  # numbers from which on a text is as numerical as a word problem gets

_COLUMN = {name: column for column, name in enumerate(CAPABILITIES)}
_KINDS = [name.removeprefix("tools.") for name in TOOLS]
_OPEN = ("shell", "files", "plans")  # with any other kind of tool a long loop is ordinary
_SPECIFIC = [column for column, name in enumerate(_KINDS) if name not in _OPEN]
_PAIRS = [name for name in CAPABILITIES if f"{name}.does" in INDEX]


class Reading(msgspec.Struct, frozen=True):
    """What a batch of n requests asks for, float32.

    `task` is `capability` with demands for written-out reasoning left aside: where one injected sentence
    makes the same demand in every request of an operator, it says nothing of what a single one is about.
    """

    capability: np.ndarray  # [n, 13]
    task: np.ndarray  # [n, 13]
    elicitation: np.ndarray  # [n]
    grading: np.ndarray


def read(batch: pa.RecordBatch, system: Words, prompt: Words, key: SketchKey) -> Reading:
    """All three in one pass over the words. `batch` has schema EXCHANGES."""
    of_system, of_prompt = cue_hits(system, READ, key), cue_hits(prompt, READ, key)
    reasoning, grades = asked(of_system, of_prompt), graded(of_system, of_prompt)
    scores = _of_text(prompt, of_prompt) + OF_SYSTEM * _of_text(system, of_system)
    scores[_offered(batch)] *= BESIDE_TOOLS
    _add(scores, BIAS, np.ones(len(batch)))
    _add(scores, ASKS_FOR_GRADES, grades)
    _add(scores, WORD_PROBLEM, _word_problem(prompt, of_prompt, key))
    _add_structure(scores, batch, key)
    task = _shares(scores)
    _add(scores, ASKS_FOR_REASONING, reasoning * reasoning)
    return Reading(_shares(scores), task, reasoning, grades)


def _shares(scores: np.ndarray) -> np.ndarray:
    shares = np.exp(SHARPNESS * (scores - scores.max(axis=1, keepdims=True)))
    out: np.ndarray = (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
    return out


def capability(batch: pa.RecordBatch, system: Words, prompt: Words, key: SketchKey) -> np.ndarray:
    """float32 [n, 13]: shares of CAPABILITIES, rows sum to 1. `batch` has schema EXCHANGES."""
    return read(batch, system, prompt, key).capability


def _add(scores: np.ndarray, weights: dict[str, float], amount: np.ndarray) -> None:
    for name, weight in weights.items():
        scores[:, _COLUMN[name]] += weight * amount


def _phrase_weights() -> np.ndarray:
    weights = np.zeros((len(READ), len(CAPABILITIES)), np.float32)
    for cue, index in INDEX.items():
        module, grade = cue.split(".")
        if module in _COLUMN and grade in GRADES:
            weights[index, _COLUMN[module]] = GRADES[grade]
    return weights


_WEIGHTS = _phrase_weights()


def _of_text(words: Words, hits: Hits) -> np.ndarray:
    scores: np.ndarray = np.minimum(counted(hits), MOST) @ _WEIGHTS
    for name in _PAIRS:
        beside = near(hits, INDEX[f"{name}.does"], INDEX[f"{name}.things"], SPAN)
        scores[:, _COLUMN[name]] += BESIDE * np.minimum(beside, MOST)
        does = slice(hits.bounds[INDEX[f"{name}.does"]], hits.bounds[INDEX[f"{name}.does"] + 1])
        begins = words.offsets[hits.owners[does]] == hits.places[does]
        scores[hits.owners[does][begins], _COLUMN[name]] += LEADS
    return scores


def _word_problem(prompt: Words, hits: Hits, key: SketchKey) -> np.ndarray:
    """float32 [n] in 0..1: numbers in the turn, where a question for a quantity stands with them."""
    number = prompt.hashes == key.constants("number", 1)[0]
    numbers = np.bincount(prompt.owner[number], minlength=hits.texts)
    dense = np.clip(40.0 * numbers / np.maximum(prompt.counts, 1), 0.0, 1.0)
    quantity = np.minimum(counted(hits)[:, INDEX["reasoning_traces.clear"]], 1.0)
    out: np.ndarray = np.minimum(numbers / FEW_NUMBERS, 1.0) * dense * quantity
    return out


def _add_structure(scores: np.ndarray, batch: pa.RecordBatch, key: SketchKey) -> None:
    kinds, other, offered = _tool_kinds(batch.column("tools"), key)
    for column, kind in enumerate(_KINDS):
        _add(scores, OFFERED[kind], kinds[:, column])
    _add(scores, OTHER_TOOLS, other * (1.0 - kinds[:, _SPECIFIC].max(axis=1, initial=0.0)))
    _add(scores, ANY_TOOLS, offered)
    screen = kinds[:, _KINDS.index("screen")] > 0
    images = _number(batch, "n_images") > 0
    _add(scores, IMAGES, images & ~screen)
    _add(scores, IMAGES_OF_A_SCREEN, images & screen)
    results = np.maximum(_number(batch, "n_tool_results"), _number(batch, "n_tool_calls")) > 0
    open_ended = results * (1.0 - kinds[:, _SPECIFIC].max(axis=1, initial=0.0))
    _add(scores, TOOL_RESULTS, open_ended)
    _add(scores, LONG_LOOP, open_ended * (_number(batch, "n_turns") >= LONG_LOOP_TURNS))
    _add(scores, SEVERAL_CHOICES, _number(batch, "n_choices") > 1)
    _add(scores, LOG_PROBABILITIES, _number(batch, "logprobs") > 0)


def _offered(batch: pa.RecordBatch) -> np.ndarray:
    counts: np.ndarray = pc.fill_null(pc.list_value_length(batch.column("tools")), 0).to_numpy(
        zero_copy_only=False
    )
    return counts > 0


def _number(batch: pa.RecordBatch, field: str) -> np.ndarray:
    out: np.ndarray = pc.fill_null(batch.column(field), 0).to_numpy(zero_copy_only=False)
    return out


def _tool_kinds(lists: pa.Array, key: SketchKey) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per row: strength of each kind of tool [n, kinds] and of unknown tools [n], 0..1, and whether any is offered."""
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    row = np.repeat(np.arange(len(lists)), counts)
    split = pc.replace_substring_regex(pc.list_flatten(lists), r"([a-z0-9])([A-Z])", r"\1 \2")
    known = cue_counts(words_of(split, key), TOOLS, key) > 0
    totals = np.stack(
        [np.bincount(row[known[:, kind]], minlength=len(lists)) for kind in range(len(TOOLS))], axis=1
    )
    unknown = np.bincount(row[~known.any(axis=1)], minlength=len(lists))
    share = 1.0 / np.maximum(counts, 1)
    # The square root lets one screen tool among many speak, and a third of a harness's tools say most of it.
    return np.sqrt(totals * share[:, None]), unknown * share, counts > 0
