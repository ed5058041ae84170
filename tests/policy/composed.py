"""Policies, calls and verdicts written by hand."""

from stillwatch.policy import parse
from stillwatch.records import Call, Verdict

NOW = 1_772_424_600_000_000
HOUR = 3_600_000_000

REQUIRED = {"cap_rate": "{per_minute: 60}", "step_up": "{level: 2}", "hold": "{seconds: 5}"}


def call(account="acct", **fields):
    return Call(account_id=account, ts=fields.pop("ts", NOW), **fields)


def verdict(**fields):
    usual = {
        "campaign_id": "c-1",
        "state": "open",
        "probability": 0.95,
        "log_e_value": 12.0,
        "accounts": 50,
        "capability": "reasoning_traces",
        "since": NOW - 5 * HOUR,
        "active": True,
    }
    return Verdict(**(usual | fields))


def rule(name, when, *, mode="enforce", step="tag", **more):
    lines = [f"- id: {name}", f"mode: {mode}", f"when: {when!r}", f"step: {step}", "reason: why"]
    if step in REQUIRED:
        lines.append(f"settings: {REQUIRED[step]}")
    lines += [f"{key}: {value}" for key, value in more.items()]
    return "\n    ".join(lines)


def policy(*rules, head=""):
    return parse(
        f"{head}\nrules:\n  {chr(10).join('  ' + one for one in rules).strip()}\n".encode(), "made.yaml"
    )
