"""Code that comes with a model is run: whoever can change the model's repository runs programs here.

Seen: `trust_remote_code=True` of transformers, datasets, sentence-transformers and vLLM, and `trust_repo` of torch.hub.
Sure where others' data names the model; a pattern where the code names it.
"""

from __future__ import annotations

from stillwatch.codescan.checks import FROM_ANYWHERE, Hazard, Rule, SinkCall, known
from stillwatch.codescan.engine.heap import deep_taints


def _hazard(call: SinkCall) -> Hazard | None:
    if True not in known(call.given("trust_remote_code", "trust_repo")):
        return None
    named = call.dangerous()
    if any(deep_taints(name, call.state) for name in named):
        return Hazard(named)
    pinned = call.given("revision") is not None
    return Hazard((), confidence=0.4 if pinned else 0.6, note="code of the model's repository is run")


RULE = Rule(
    id="remote-code-trusted",
    cwe=829,
    title="code that comes with a model is run",
    cvss="CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
    advice="Leave trust_remote_code off, or read the code and give its revision.",
    hazard=_hazard,
    accepts=FROM_ANYWHERE,
)

EXAMPLES = {
    "bad": """
from transformers import AutoModelForCausalLM

MODEL = AutoModelForCausalLM.from_pretrained("some-lab/model", trust_remote_code=True)
""",
    "good": """
from transformers import AutoModelForCausalLM

MODEL = AutoModelForCausalLM.from_pretrained("some-lab/model", trust_remote_code=False)
""",
    "fixed": """
from transformers import AutoModelForCausalLM

MODEL = AutoModelForCausalLM.from_pretrained("some-lab/model")
""",
}
