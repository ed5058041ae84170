"""A model in a directory as transformers writes it: configuration and weights in safetensors. Needs the extra `lab`.

Nothing is fetched, and no code of the directory's is run. What it is asked about are answers that the reference draws
after its own first token, so no text and no tokenizer is needed; both models have to share their tokens.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from stillwatch.lab.arrays import Floats, Ints
from stillwatch.records import InvalidConfiguration, UnreadableInput

try:
    import safetensors
    import torch
    import transformers
except ImportError as missing:
    raise InvalidConfiguration(
        "a directory of a model needs torch and transformers: pip install 'stillwatch[lab]'"
    ) from missing

LENGTH = 64  # tokens of an answer that is asked about
NUMBERS = 1 << 26  # probabilities held at once
MOST_NUMBERS = 1 << 28  # of all contexts, twice


class PretrainedStudent:
    """Probabilities of a causal language model."""

    def __init__(self, path: Path) -> None:
        try:
            self._model = transformers.AutoModelForCausalLM.from_pretrained(
                path, local_files_only=True, trust_remote_code=False, use_safetensors=True
            ).eval()
        except (OSError, ValueError, KeyError, RuntimeError, safetensors.SafetensorError) as error:
            raise UnreadableInput(f"{path}: no causal language model in safetensors: {error}") from error
        self.vocabulary = int(self._model.get_output_embeddings().weight.shape[0])
        config = self._model.config
        firsts = [getattr(config, name, None) for name in ("bos_token_id", "eos_token_id")]
        self._first = next((one for one in firsts if isinstance(one, int)), 0)
        # The directory's own settings, such as a top-k or an end, would leave tokens out.
        self._model.generation_config = transformers.GenerationConfig(
            do_sample=True,
            top_k=0,
            top_p=1.0,
            temperature=1.0,
            max_new_tokens=LENGTH,
            pad_token_id=self._first,
        )

    def next_probabilities(self, sequences: Ints) -> npt.NDArray[np.float32]:
        with torch.inference_mode():
            logits = self._model(torch.from_numpy(np.ascontiguousarray(sequences)), use_cache=False).logits
            found: npt.NDArray[np.float32] = torch.softmax(logits.float(), dim=-1).numpy()
        return found

    def most_contexts(self, most: int) -> int:
        """How many contexts can be held with all tokens' probabilities."""
        return max(1, min(most, MOST_NUMBERS // self.vocabulary))

    def probes(self, rows: int, seed: int) -> list[tuple[Ints, Floats]]:
        """Batches of answers that this model draws, each counted once."""
        step = max(1, NUMBERS // (LENGTH * self.vocabulary))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            drawn = [self._drawn(min(step, rows - start)) for start in range(0, rows, step)]
        return [(one, np.ones(len(one))) for one in drawn]

    def _drawn(self, rows: int) -> Ints:
        start = torch.full((rows, 1), self._first)
        with torch.inference_mode():
            made = self._model.generate(start, attention_mask=torch.ones_like(start))
        drawn: Ints = made[:, 1:].numpy().astype(np.int64)
        return drawn
