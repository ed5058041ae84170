"""Who a brief is for, and what that leaves in it. Nothing leaves for anybody that names an account or a key."""

from typing import Literal, NamedTuple

Marking = Literal["clear", "green", "amber", "red"]
MARKINGS: tuple[Marking, ...] = ("clear", "green", "amber", "red")
FEW = 10  # accounts, exchanges: a smaller count is given as "fewer than 10" to the public


class Audience(NamedTuple):
    """A class of readers: the most restrictive TLP 2.0 marking they may see, and how exact they are told."""

    name: str
    marking: Marking
    exact: bool  # counts as they are, ids of campaigns, names of models, days

    def may_see(self, marking: Marking) -> bool:
        return MARKINGS.index(marking) <= MARKINGS.index(self.marking)


AUDIENCES = {
    one.name: one
    for one in (
        Audience("public", "clear", exact=False),
        Audience("partner", "amber", exact=True),
        Audience("authority", "red", exact=True),
    )
}
