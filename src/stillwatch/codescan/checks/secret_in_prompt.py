"""A secret in what a language model is asked: the model's provider has it, and the model can be made to say it."""

from __future__ import annotations

import re

from stillwatch.codescan.checks import Hazard, Rule, SinkCall
from stillwatch.codescan.engine.heap import deep_taints

SECRET = re.compile(r"(?i)secret|passw|token|api_?key|private_?key|credential")


def _hazard(call: SinkCall) -> Hazard | None:
    for value in call.dangerous():
        for source in deep_taints(value, call.state):
            if source.kind == "environment" and source.key is not None and SECRET.search(source.key):
                return Hazard((), confidence=0.7, note=f"{source.key} goes to a model")
    return None


RULE = Rule(
    id="secret-in-prompt",
    cwe=201,
    title="a secret in what a model is asked",
    cvss="CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:N/VA:N/SC:L/SI:N/SA:N",
    advice="Keep the secret in the code that calls the service for the model.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import os
from openai import OpenAI

client = OpenAI()

def ask(question):
    told = f"Use the key {os.environ['BILLING_API_KEY']} to answer: {question}"
    return client.chat.completions.create(model="m", messages=[{"role": "user", "content": told}])
""",
    "good": """
import os
from openai import OpenAI

client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])

def ask(question):
    told = f"Answer in {os.environ['ANSWER_LANGUAGE']}: {question}"
    return client.chat.completions.create(model="m", messages=[{"role": "user", "content": told}])
""",
    "fixed": """
import os
from openai import OpenAI

client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])

def ask(question):
    return client.chat.completions.create(model="m", messages=[{"role": "user", "content": question}])
""",
}
