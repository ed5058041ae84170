"""What phrases speak for: one module a capability, and those of elicitation, grading and tool names.

A module's `CUES` maps a cue to its phrases, parted by semicolons or line ends. In a capability's module
`strong`, `clear` and `faint` grade single phrases by how much they say; `does` and `things` say something
where one stands near the other. Only ASCII is case-folded; a first letter outside it matches in
both cases. Languages: English, Chinese, Japanese, Korean, Spanish, French, German, Portuguese, Russian,
Arabic, Hindi.
"""

from importlib import import_module

from stillwatch.features.cues import Lexicon, phrases
from stillwatch.records import CAPABILITIES


def _lexicon(module: str, prefix: str = "") -> Lexicon:
    cues: dict[str, str] = import_module(f"{__name__}.{module}").CUES
    return {prefix + name: phrases(text) for name, text in cues.items()}


ELICITATION = _lexicon("elicitation")
GRADING = _lexicon("grading")
TOOLS = _lexicon("tools")
CAPABILITY: Lexicon = {
    name: of for capability in CAPABILITIES for name, of in _lexicon(capability, f"{capability}.").items()
}
