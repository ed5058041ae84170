"""Ids stripped or rewritten: a proxy that deals each turn to the next account changes the ids of a history before.

Stripping needs no state but loses which result belongs to which call; a rewriting keeps a table for each conversation.
Neither can do anything about sealed reasoning, which it has to leave out.
"""

from stillwatch.lab.attacking.harvest import IdAttack
from stillwatch.lab.proxies import REWRITES

ATTACK = IdAttack("ids", {"left as they are": None, **REWRITES})
