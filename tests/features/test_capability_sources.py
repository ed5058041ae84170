"""Capability from text alone, source by source, on public prompts; `pytest -s` prints the table.

No weight is fitted to a source: all capabilities share the weights of phrase grades. But misses on most of
these sources were read while phrases were added, so the figures say how the phrases do on texts of
these kinds, not on kinds never seen. Each weighs the first 1,500 texts of a source.
"""

import gzip
import json
import os
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from composed_requests import KEY, batch_of

from stillwatch.features.capability import Reading, read
from stillwatch.features.words import words_of
from stillwatch.records import CAPABILITIES

TEXTS = 1500  # of a source
# Measured share of texts whose largest share is the source's capability, less a margin of about 0.05.
FLOORS = {
    "agentbench_os": 0.86,
    "agentbench_db": 0.56,
    "arena_hard": 0.38,
    "bfcl": 0.28,
    "bfcl_live": 0.42,
    "deccp": 0.62,
    "gpteacher_codegen": 0.86,
    "gsm8k": 0.86,
    "llm_adapters": 0.87,
    "metatool": 0.47,
    "mt_bench": 0.57,
    "oasst_prompt_lottery": 0.76,
    "osworld": 0.51,
    "prometheus": 0.95,
    "self_instruct_user_oriented": 0.56,
    "webarena": 0.42,
}
ORDINARY_CHAT = ("arena_hard", "mt_bench", "oasst_prompt_lottery", "self_instruct_user_oriented")
FALSE_DEMANDS = (
    0.02  # share of ordinary chat that may seem to demand hidden reasoning: 0.006 measured at most
)
FALSE_GRADES = 0.04  # 0.025 measured at most (of 158 MT-bench turns)


@pytest.fixture(scope="module")
def prompts() -> dict[str, tuple[str, list[str]]]:
    root = os.environ.get("STILLWATCH_DATA")
    if root is None or not (folder := Path(root) / "prompts").is_dir():
        pytest.skip("STILLWATCH_DATA does not name a folder that holds prompts/")
    texts: dict[str, list[str]] = defaultdict(list)
    of: dict[str, str] = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        for line in gzip.decompress(path.read_bytes()).decode().rstrip("\n").split("\n"):
            row = json.loads(line)
            of[row["source"]] = row["capability"]
            if len(texts[row["source"]]) < TEXTS:
                texts[row["source"]].append(row["text"])
    return {source: (of[source], texts[source]) for source in texts}


@pytest.fixture(scope="module")
def readings(prompts: dict[str, tuple[str, list[str]]]) -> dict[str, Reading]:
    out = {}
    for source, (_, texts) in prompts.items():
        batch = batch_of([{"prompt": text} for text in texts])
        out[source] = read(
            batch, words_of(batch.column("system"), KEY), words_of(batch.column("prompt"), KEY), KEY
        )
    return out


def test_recall_of_each_source(prompts, readings):
    recall = {}
    lines = ["source                      capability                 right  share  most often taken for"]
    for source, (capability, texts) in sorted(prompts.items(), key=lambda item: item[1][0]):
        shares, column = readings[source].capability, CAPABILITIES.index(capability)
        taken = np.bincount(shares.argmax(axis=1), minlength=len(CAPABILITIES)) / len(texts)
        recall[source] = taken[column]
        others = [i for i in np.argsort(-taken) if i != column and taken[i] >= 0.02][:3]
        mistaken = ", ".join(f"{CAPABILITIES[i]} {taken[i]:.2f}" for i in others)
        lines.append(
            f"{source:27} {capability:26} {taken[column]:5.2f}  {shares[:, column].mean():5.2f}  {mistaken}"
        )
    of_capability = defaultdict(list)
    for source, value in recall.items():
        of_capability[prompts[source][0]].append(value)
    mean = np.mean([np.mean(values) for values in of_capability.values()])
    lines.append(f"mean over sources {np.mean(list(recall.values())):.2f}, over capabilities {mean:.2f}")
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    below = {source: value for source, value in recall.items() if value < FLOORS[source]}
    assert below == {}


def test_ordinary_chat_rarely_seems_to_demand_reasoning_or_grades(readings):
    for source in ORDINARY_CHAT:
        assert (readings[source].elicitation > 0.5).mean() <= FALSE_DEMANDS, source
        assert (readings[source].grading > 0.5).mean() <= FALSE_GRADES, source


def test_grading_prompts_are_graded(readings):
    assert (readings["prometheus"].grading > 0.5).mean() > 0.95
