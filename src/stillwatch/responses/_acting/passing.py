"""The filter of a stream in which nothing is to be changed."""

from stillwatch.responses._acting.interface import Json


class Unchanged:
    """Every event as it is."""

    def event(self, event: Json) -> list[Json]:
        return [event]

    def end(self) -> list[Json]:
        return []
