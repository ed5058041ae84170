"""Verification, where its extra is installed; the service runs without it."""

from stillwatch.access import verification
from stillwatch.service.operation import Operation

OPERATIONS: list[Operation] = []
if verification.installed():
    from stillwatch.service.verifying import OPERATIONS as INSTALLED

    OPERATIONS += INSTALLED
