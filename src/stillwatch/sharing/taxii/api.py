"""Everything the room offers, in one place."""

from stillwatch.sharing.taxii.application import Exchange, application

__all__ = ["Exchange", "application"]
