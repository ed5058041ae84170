"""Which organisations may go on with each other's conversations, such as a company and its subsidiaries.

In a gateway's configuration each list is one group:

    minted_ids:
      organisations:
        - [acme, acme-labs, acme-japan]
"""

from collections.abc import Iterable, Sequence


class Organisations:
    """Groups of organisations. One that is named in two groups joins them."""

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        self._head: dict[str, str] = {}
        self._members: dict[str, set[str]] = {}
        for group in groups:
            heads = {self._head.get(name, name) for name in group}
            members = set(group).union(*(self._members.pop(head, set()) for head in heads))
            if members:
                head = min(members)
                self._members[head] = members
                self._head |= dict.fromkeys(members, head)

    def fellows(self, organisation: str | None) -> frozenset[str]:
        """The organisation itself, and those that share its conversations."""
        if organisation is None:
            return frozenset()
        return frozenset(self._members.get(self._head.get(organisation, ""), ())) | {organisation}
