"""The closed list of capabilities a campaign can take."""

CAPABILITIES = (
    "reasoning_traces",
    "agentic_reasoning",
    "tool_use",
    "coding",
    "orchestration",
    "data_analysis",
    "computer_use",
    "vision",
    "reward_modelling",
    "censorship_safe_rewriting",
    "task_synthesis",
    "data_curation",
    "general",
)
