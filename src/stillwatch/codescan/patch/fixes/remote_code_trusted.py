"""Models: the code that comes with one is not run. A model that needs it is then not loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "remote-code-trusted"
SWITCHES = frozenset({"trust_remote_code", "trust_repo"})


def edits(site: Site) -> Iterator[Edit]:
    """Switch it off."""
    switched = site.switched(SWITCHES, "True", "False")
    if not switched:
        raise NoFix("code of the repository is trusted in a way that is not edited here")
    yield Edit("code that comes with the model is not run", switched)


EXAMPLES = [
    (
        """
from transformers import AutoModelForCausalLM

MODEL = AutoModelForCausalLM.from_pretrained("some-lab/model", trust_remote_code=True)
""",
        """
from transformers import AutoModelForCausalLM

MODEL = AutoModelForCausalLM.from_pretrained("some-lab/model", trust_remote_code=False)
""",
    ),
]
