"""What other rooms use of minted ids. Needs the package `cryptography`."""

from stillwatch.marks.ids.columns import mint_column, verify_column
from stillwatch.marks.ids.following import FollowedKeys
from stillwatch.marks.ids.forms import FORMS, LONGEST, Form
from stillwatch.marks.ids.history import Caller, Continuation, continuation
from stillwatch.marks.ids.keyring import KeyRing, MintingKey, load_or_make, read, retired, rotated, write
from stillwatch.marks.ids.minting import AUTHENTIC, OUTCOMES, Minted, Minter, Outcome, hexadecimal
from stillwatch.marks.ids.organisations import Organisations
from stillwatch.marks.ids.sealing import Opened, Sealer

__all__ = [
    "AUTHENTIC",
    "FORMS",
    "LONGEST",
    "OUTCOMES",
    "Caller",
    "Continuation",
    "FollowedKeys",
    "Form",
    "KeyRing",
    "Minted",
    "Minter",
    "MintingKey",
    "Opened",
    "Organisations",
    "Outcome",
    "Sealer",
    "continuation",
    "hexadecimal",
    "load_or_make",
    "mint_column",
    "read",
    "retired",
    "rotated",
    "verify_column",
    "write",
]
