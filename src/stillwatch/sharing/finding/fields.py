"""The fields of a finding that a release policy speaks of, and what each may be changed by before it leaves.

A token is never raw, since that would be an account; what a person states is raw or dropped, since half a name is none.
"""

from typing import Literal, NamedTuple, get_args

Transform = Literal["raw", "keyed", "oprf", "bucket", "drop"]
TRANSFORMS: tuple[Transform, ...] = get_args(Transform)


class Field(NamedTuple):
    """`path` within the finding; the transforms that a policy may give it."""

    path: tuple[str, ...]
    transforms: tuple[Transform, ...]
    means: str


COUNTED: tuple[Transform, ...] = ("raw", "bucket", "drop")
SAID: tuple[Transform, ...] = ("raw", "drop")
BLINDED: tuple[Transform, ...] = ("oprf", "drop")

FIELDS = {
    "times": Field(("campaign",), COUNTED, "first and last seen, alarm; bucketed to days"),
    "account_count": Field(("cluster", "accounts"), COUNTED, "accounts"),
    "concurrent_accounts": Field(("cluster", "concurrent"), COUNTED, "most accounts at work at once"),
    "benign_share": Field(("cluster", "benign_share"), COUNTED, "what others sent from the same accounts"),
    "exchange_count": Field(("haul", "exchanges"), COUNTED, "attributed exchanges"),
    "tokens_in": Field(("haul", "tokens_in"), COUNTED, "tokens sent"),
    "tokens_out": Field(("haul", "tokens_out"), COUNTED, "tokens taken"),
    "capabilities": Field(("haul", "capabilities"), COUNTED, "the mix of capabilities"),
    "models": Field(("models",), COUNTED, "the models asked"),
    "model_switches": Field(("model_switches",), SAID, "when the campaign moved to another model"),
    "error": Field(("error",), COUNTED, "log e-value and false discovery rate"),
    "detection_latency": Field(("detection_latency_s",), COUNTED, "seconds to the alarm"),
    "operators": Field(("operators",), SAID, "who benefits, in a person's judgement"),
    "providers": Field(("providers",), SAID, "who sells the accounts, in a person's judgement"),
    "compute": Field(("compute",), COUNTED, "training compute that the haul feeds, as an interval"),
    "mark_evidence": Field(("mark_evidence",), SAID, "marked outputs that were found again"),
    "indicators": Field(("indicators",), SAID, "networks and clients, with the harm to others"),
    "account_tokens": Field(("account_tokens",), ("keyed", "drop"), "a token an account"),
    "match_tokens": Field(("match_tokens",), BLINDED, "tokens for private matching"),
    "template_sketches": Field(("template_sketches",), BLINDED, "sketches of shared texts, for the same"),
    "evidence": Field(("evidence",), SAID, "what each detector measured"),
    "remarks": Field(("remarks",), SAID, "what people add"),
}
