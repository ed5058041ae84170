"""Template fragments: minima of keyed shingle hashes over the parts of a request where a fixed text can hide.

A shingle is a run of four words. For the system prompt, the head and the tail of the user's turn and
the whole turn, the smallest shingle hash under several orders is kept (min-wise sampling, Broder
1997). A fixed text that fills a share f of a part is then the part's minimum in a share f of all
exchanges that carry it, whatever else changes around it.
"""

import numpy as np

from stillwatch.features.key import SketchKey
from stillwatch.features.words import Words, mix, phrase_hashes

SHINGLE = 4  # words
PART_WORDS = 26  # words of head and of tail: an injected instruction is about a sentence or two
SYSTEM_WORDS = 96
PARTS = {"system": 2, "head": 3, "tail": 3, "whole": 3}  # minima kept of each part
FRAGMENTS = sum(PARTS.values())


def shingles(words: Words, key: SketchKey) -> tuple[np.ndarray, np.ndarray]:
    """Shingle hash starting at each word, and whether it is a whole one (a text under four words has one, cut short)."""
    hashes = np.zeros(len(words.hashes), np.uint64)
    runs = phrase_hashes(words.hashes, SHINGLE, key)
    hashes[: len(runs)] = runs
    left = np.repeat(words.offsets[1:], words.counts) - np.arange(len(words.hashes))
    whole = left >= SHINGLE
    short = np.flatnonzero((words.counts > 0) & (words.counts < SHINGLE))
    if short.size:
        at = words.offsets[short]
        running = np.concatenate([np.zeros(1, np.uint64), np.cumsum(words.hashes)])
        total = running[words.offsets[short + 1]] - running[at]
        hashes[at] = mix(total ^ words.counts[short].astype(np.uint64), key.constants("short text", 1)[0])
        whole[at] = True
    return hashes, whole


def minima(
    hashes: np.ndarray, chosen: np.ndarray, owner: np.ndarray, texts: int, orders: np.ndarray
) -> np.ndarray:
    """For each text the shingle that is smallest under each order: uint64 [texts, orders]; 0 where there is none."""
    out = np.zeros((texts, len(orders)), np.uint64)
    kept, of = hashes[chosen], owner[chosen]
    if not kept.size:
        return out
    first = np.flatnonzero(np.append(True, of[1:] != of[:-1]))
    for j, order in enumerate(orders):
        out[of[first], j] = np.minimum.reduceat(mix(kept ^ order, order), first)
    return out


def fragments(system: Words, prompt: Words, key: SketchKey) -> np.ndarray:
    """Minima of all parts, uint64 [n, FRAGMENTS], in the order of PARTS; 0 where a part is missing."""
    texts = len(prompt.offsets) - 1
    orders = key.constants("orders of shingles", FRAGMENTS)
    out = []
    taken = 0
    for part, count in PARTS.items():
        words = system if part == "system" else prompt
        hashes, whole = shingles(words, key)
        owner = words.owner
        place = np.arange(len(owner)) - words.offsets[owner]
        if part == "system":
            whole = whole & (place < SYSTEM_WORDS)
        elif part == "head":
            whole = whole & ((place <= PART_WORDS - SHINGLE) | (place == 0))
        elif part == "tail":
            whole = whole & (
                (words.counts[owner] - place <= PART_WORDS) | (place == 0) & (words.counts[owner] < SHINGLE)
            )
        out.append(minima(hashes, whole, owner, texts, orders[taken : taken + count]))
        taken += count
    return np.hstack(out)
