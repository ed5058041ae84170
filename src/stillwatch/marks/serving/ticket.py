"""What tells the process that draws tokens the cohort of a request: its name, under a code that needs the secret to make.

Servers of models hand a request's own parameters to their processors of logits and nothing else. So the cohort goes there
as a ticket, which `entrance` writes after removing what the client sent; and since a client cannot make one, a value that
slipped in by another way counts for nothing.
"""

import hmac

from stillwatch.marks.keys import MarkKeys

NAME = "stillwatch_mark"  # of the parameter that holds a ticket


def mint(keys: MarkKeys, cohort: str) -> str:
    return f"{cohort}.{keys.key('ticket', cohort).hex()}"


def cohort_in(keys: MarkKeys, ticket: object) -> str | None:
    """The cohort of a ticket that was made with the secret; None for anything else."""
    if not isinstance(ticket, str):
        return None
    cohort, dot, code = ticket.rpartition(".")
    if not dot or not code.isascii():
        return None
    return cohort if hmac.compare_digest(code, keys.key("ticket", cohort).hex()) else None
