"""Everything the room offers, in one place."""

from stillwatch.access.verification.calls import Bound, Call, CallKeys, SeenProofs, Unproved, confirmed
from stillwatch.access.verification.desk import Begun, VerificationDesk
from stillwatch.access.verification.levels import (
    HIGHEST,
    NOTHING,
    Lacking,
    LevelHeld,
    Rules,
    lacking,
    level_held,
    packaged,
)
from stillwatch.access.verification.methods import Method, catalogue
from stillwatch.access.verification.office import Office
from stillwatch.access.verification.proof import Key, Link, Proof, Subject
from stillwatch.access.verification.protocols.step_up import StepUp, answers, challenge_header
from stillwatch.access.verification.published import publish as publish_bound_keys
from stillwatch.access.verification.published import read as read_bound_keys
from stillwatch.access.verification.refusal import REASONS, Reason, Refused
from stillwatch.access.verification.settings import Settings, load, settings_from
from stillwatch.access.verification.step_ups import Answered, StepUps

__all__ = [
    "HIGHEST",
    "NOTHING",
    "REASONS",
    "Answered",
    "Begun",
    "Bound",
    "Call",
    "CallKeys",
    "Key",
    "Lacking",
    "LevelHeld",
    "Link",
    "Method",
    "Office",
    "Proof",
    "Reason",
    "Refused",
    "Rules",
    "SeenProofs",
    "Settings",
    "StepUp",
    "StepUps",
    "Subject",
    "Unproved",
    "VerificationDesk",
    "answers",
    "catalogue",
    "challenge_header",
    "confirmed",
    "lacking",
    "level_held",
    "load",
    "packaged",
    "publish_bound_keys",
    "read_bound_keys",
    "settings_from",
]
