"""What phrases speak for: one module a capability, and those of elicitation, grading and tool names.

A module's `CUES` maps a cue to its phrases, parted by semicolons or line ends; lexicons name it `module.cue`. In a capability's module
`strong`, `clear` and `faint` grade single phrases by how much they say; `does` and `things` say something
where one stands near the other. Only ASCII is case-folded; a first letter outside it matches in
both cases. Languages: English, Chinese, Japanese, Korean, Spanish, French, German, Portuguese, Russian,
Arabic, Hindi.
"""

from importlib import import_module

from stillwatch.features.cues import Lexicon, phrases
from stillwatch.records import CAPABILITIES


def _lexicon(*modules: str) -> Lexicon:
    cues: dict[str, dict[str, str]] = {
        module: import_module(f"{__name__}.{module}").CUES for module in modules
    }
    return {f"{module}.{cue}": phrases(text) for module, of in cues.items() for cue, text in of.items()}


READ = _lexicon(*CAPABILITIES, "elicitation", "grading")  # what a request is read for, in one pass
TOOLS = _lexicon("tools")
