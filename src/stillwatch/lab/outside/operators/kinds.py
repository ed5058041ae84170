"""The kinds of operators, after public reports: what each takes, how much, and how its accounts hang together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TIES = ("pay", "signup", "net", "device", "client", "template", "rhythm", "replay")
"""What an operator's accounts may share."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of operator; numbers are means or ranges that each operator draws its own from."""

    capabilities: Mapping[str, float]
    calls: float  # that take something, of an account
    turns: float  # of a conversation
    always: Sequence[str]  # ties it has
    maybe: Sequence[str]
    size: float  # relative to other kinds
    cover: tuple[float, float] | None = None  # share of innocent calls; None: mostly none
    networks: Sequence[str] = ("hosted", "resi", "resi", "cloud", "mix")
    pathways: Sequence[list[str]] = (["api"], ["api"], ["api", "cloud:aws"])
    wordings: Sequence[int] = (1, 2)  # templates of a capability
    whole_log: bool = False  # it was there before, and stays


KINDS = {
    "feb-reasoning": Kind(
        capabilities={"reasoning_traces": 5, "reward_modelling": 3, "censorship_safe_rewriting": 2},
        calls=46,
        turns=1.0,
        always=["rhythm", "pay"],
        maybe=["signup", "net", "template", "client"],
        size=0.9,
        pathways=[["api"]],
        wordings=[2],
    ),
    "feb-agentic": Kind(
        capabilities={
            "agentic_reasoning": 4,
            "tool_use": 4,
            "coding": 2,
            "data_analysis": 2,
            "computer_use": 2,
            "vision": 1,
        },
        calls=44,
        turns=2.5,
        always=["template"],
        maybe=["signup", "device", "pay", "net"],
        size=1.2,
        pathways=[["api", "api", "app", "cloud:aws", "cloud:gcp", "edu", "startup"]],
        wordings=[1],
    ),
    "feb-coding-pivot": Kind(
        capabilities={"coding": 5, "tool_use": 3, "orchestration": 2},
        calls=52,
        turns=2.0,
        always=["template", "client"],
        maybe=["net", "signup", "pay", "rhythm"],
        size=0.95,
    ),
    "hydra": Kind(
        capabilities={
            "reasoning_traces": 3,
            "coding": 2,
            "task_synthesis": 2,
            "reward_modelling": 1,
            "general": 1,
        },
        calls=34,
        turns=1.2,
        always=["net", "pay"],
        maybe=["client", "signup", "rhythm", "device"],
        size=1.5,
        cover=(0.45, 0.7),
        networks=["hosted", "mix", "resi"],
        pathways=[["api"], ["api"], ["api"], ["api", "reseller"], ["api", "reseller"]],
        wordings=[3],
        whole_log=True,
    ),
    "june": Kind(
        capabilities={"coding": 6, "agentic_reasoning": 4, "orchestration": 1},
        calls=42,
        turns=4.0,
        always=["signup"],
        maybe=["template", "pay", "client", "net"],
        size=1.1,
    ),
    "sept-inject": Kind(
        capabilities={"reasoning_traces": 6, "coding": 2, "general": 2},
        calls=55,
        turns=1.0,
        always=["template", "signup"],
        maybe=["pay", "client", "rhythm"],
        size=1.5,
        cover=(0, 0.12),
    ),
    "relay": Kind(
        capabilities={"general": 6, "coding": 2, "data_analysis": 1, "tool_use": 1},
        calls=60,
        turns=3.0,
        always=["client", "net"],
        maybe=["signup", "pay", "rhythm"],
        size=1.1,
        cover=(0, 0.1),
        networks=["hosted", "cloud"],
        whole_log=True,
    ),
    "trace-cleaning": Kind(
        capabilities={"data_curation": 9, "reasoning_traces": 1},
        calls=60,
        turns=1.0,
        always=["replay"],
        maybe=["template", "pay", "net", "client"],
        size=0.65,
    ),
    "slow": Kind(
        capabilities={"reasoning_traces": 7, "task_synthesis": 1.5, "general": 1},
        calls=17,
        turns=1.4,
        always=["pay"],
        maybe=["signup", "net", "device"],
        size=0.6,
        cover=(0.2, 0.5),
        networks=["home", "resi"],
        wordings=[4],
    ),
}
