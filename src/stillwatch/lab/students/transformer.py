"""A small transformer that is trained from scratch: it learns a mark as a neural model does, through what it generalises.

Pre-norm blocks of causal attention, learned positions, and one matrix for tokens in and out. A run on one thread is the
same for the same seed. Needs the extra `lab`.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import numpy as np
import numpy.typing as npt

from stillwatch.lab.arrays import Ints, Rng
from stillwatch.lab.students.vocabulary import END
from stillwatch.records import InvalidConfiguration

try:
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError as missing:
    raise InvalidConfiguration(
        "a transformer student needs torch: pip install 'stillwatch[lab]'"
    ) from missing

ROWS_AT_ONCE = 8_192  # positions whose probabilities are made together
WARM_UP = 100  # steps
CLIP = 1.0
BETAS = (0.9, 0.98)


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """How large a student is, and how long it learns."""

    width: int = 128
    layers: int = 2
    heads: int = 4
    length: int = 32  # tokens that it sees
    batch: int = 64  # pieces of that length in one step
    tokens: int = 8_000_000  # of training, each repetition counted
    rate: float = 3e-3
    decay: float = 0.01


class _Block(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mixing, self.joining = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        rows, length, width = x.shape
        parts = self.mixing(self.before(x)).view(rows, length, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.joining(seen.transpose(1, 2).reshape(rows, length, width))
        return x + self.wide(self.between(x))


class _Network(nn.Module):
    def __init__(self, vocabulary: int, shape: Shape) -> None:
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, shape.width)
        self.places = nn.Embedding(shape.length, shape.width)
        self.blocks = nn.Sequential(*(_Block(shape) for _ in range(shape.layers)))
        self.last = nn.LayerNorm(shape.width)
        self.offset = nn.Parameter(torch.zeros(vocabulary))
        for table in (self.tokens, self.places):
            nn.init.normal_(table.weight, std=0.05)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x = self.tokens(tokens) + self.places.weight[: tokens.shape[1]]
        return functional.linear(self.last(self.blocks(x)), self.tokens.weight, self.offset)


class TransformerStudent:
    """A trained network; `cpu_seconds` and `loss` (nats a token, over the last tenth) tell how it learned."""

    def __init__(
        self, network: nn.Module, vocabulary: int, shape: Shape, cpu_seconds: float, loss: float
    ) -> None:
        self.network, self.vocabulary, self.shape = network, vocabulary, shape
        self.cpu_seconds, self.loss = cpu_seconds, loss

    def sample(self, rows: int, rng: Rng) -> Ints:
        """Answers [rows, length] after an end, of the length that the student sees."""
        tokens = np.full((rows, self.shape.length + 1), END, np.int64)
        for place in range(1, self.shape.length + 1):
            with torch.inference_mode():
                logits = self.network(torch.from_numpy(tokens[:, :place]))[:, -1].numpy()
            tokens[:, place] = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)
        return tokens[:, 1:]

    def next_probabilities(self, sequences: Ints) -> npt.NDArray[np.float32]:
        """After each position of sequences [n, length], which are no longer than what the student sees."""
        rows, length = sequences.shape
        out = np.empty((rows, length, self.vocabulary), np.float32)
        step = max(1, ROWS_AT_ONCE // max(1, length))
        with torch.inference_mode():
            for start in range(0, rows, step):
                part = torch.from_numpy(np.ascontiguousarray(sequences[start : start + step]))
                out[start : start + step] = torch.softmax(self.network(part), dim=-1).numpy()
        return out


def train(tokens: Ints, vocabulary: int, shape: Shape, seed: int) -> TransformerStudent:
    """From one stream of tokens, in pieces that begin anywhere."""
    started = time.process_time()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = _Network(vocabulary, shape)
    rng = np.random.default_rng([seed, 5])
    optimizer = torch.optim.AdamW(network.parameters(), lr=shape.rate, betas=BETAS, weight_decay=shape.decay)
    steps = max(1, shape.tokens // (shape.batch * shape.length))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps))
    reach = np.arange(shape.length + 1)
    losses = []
    for _ in range(steps):
        starts = rng.integers(0, len(tokens) - shape.length, shape.batch)
        piece = torch.from_numpy(tokens[starts[:, None] + reach])
        logits = network(piece[:, :-1])
        loss = functional.cross_entropy(logits.reshape(-1, vocabulary), piece[:, 1:].reshape(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), CLIP)
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
    network.eval()
    end = float(np.mean(losses[-max(1, steps // 10) :]))
    return TransformerStudent(network, vocabulary, shape, time.process_time() - started, end)


@contextmanager
def one_thread() -> Iterator[None]:
    """So that a seed gives the same student, and minutes of the processor are those of one."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _rate(step: int, steps: int) -> float:
    """Part of the rate: a rise, then half a cosine down to nothing."""
    if step < min(WARM_UP, steps // 10):
        return (step + 1) / min(WARM_UP, steps // 10)
    return 0.5 * (1 + math.cos(math.pi * step / steps))
