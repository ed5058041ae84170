"""Word lists the simulated people speak with: fields of interest by language, and the frames of their sentences."""

from stillwatch.lab.vocabulary.english import ENGLISH
from stillwatch.lab.vocabulary.frames import FOLLOW_UPS, FRAMES, REPLIES
from stillwatch.lab.vocabulary.languages import OTHER_LANGUAGES

LANGUAGES = ("en", *OTHER_LANGUAGES)

__all__ = ["ENGLISH", "FOLLOW_UPS", "FRAMES", "LANGUAGES", "OTHER_LANGUAGES", "REPLIES"]
