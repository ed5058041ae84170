"""The error tree: one class an exit code, so a command line needs no translation table.

StillwatchError (5, internal)
├── UsageError (2)           the command line asks for something that cannot be done
│   └── NotThere             what is asked for by its id does not exist
├── UnreadableInput (3)      a file that is missing, cut short or not what it claims to be
├── InvalidConfiguration (4) a setting or policy that does not hold together
└── Interrupted (130)        somebody stopped the command before it was done
"""

from typing import ClassVar


class StillwatchError(Exception):
    """The root of all errors Stillwatch raises on purpose; `exit_code` is the command's."""

    exit_code: ClassVar[int] = 5


class UsageError(StillwatchError):
    """The command line asks for something that cannot be done."""

    exit_code = 2


class NotThere(UsageError):
    """What is asked for by its id does not exist."""


class UnreadableInput(StillwatchError):
    """A file is missing, cut short or not what it claims to be."""

    exit_code = 3


class InvalidConfiguration(StillwatchError):
    """A setting does not hold together."""

    exit_code = 4


class Interrupted(StillwatchError):
    """Somebody stopped the command before it was done; says what is there nevertheless."""

    exit_code = 130
