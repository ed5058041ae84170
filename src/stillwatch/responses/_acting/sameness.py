"""Whether an edit left its parts alone: the very objects that came in are passed on as they were sent."""

from collections.abc import Sequence


def is_same(new: Sequence[object], old: Sequence[object]) -> bool:
    return len(new) == len(old) and all(one is other for one, other in zip(new, old, strict=True))
