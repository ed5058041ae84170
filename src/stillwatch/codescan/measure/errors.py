"""What keeps a measurement from being made.

UnusableSuite     a suite that is missing, cut short or not in the known form
CannotRun         cases cannot be run here, and what is missing for it
"""


class UnusableSuite(Exception):
    """A suite that is missing, cut short or not in the known form."""


class CannotRun(Exception):
    """Cases cannot be run with the given interpreter; the message says what is missing."""
