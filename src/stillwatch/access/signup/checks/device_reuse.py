"""Several accounts of the last 28 days opened on one device.

Sees: how many, to the power of two.
Cannot see: devices that are emulated or wiped for each account; a sign-up that hides its device.
Benign work that trips it: a household, a lab or a library with shared computers, a person with a second account.
"""

import numpy as np

from stillwatch.access.signup.history import LOUDEST, History
from stillwatch.access.signup.keeping import Intake


class DeviceReuse:
    id = "device_reuse"
    family = "device"
    needs = frozenset({"device_id"})
    grades = LOUDEST + 1
    weighs = True
    counts = True
    asks = ()
    claim = "other accounts of the last 28 days were opened on this device"

    def keep(self, intake: Intake) -> np.ndarray:
        return intake.hashes("device_id")

    def grade(self, history: History) -> np.ndarray:
        return history.held()


CHECK = DeviceReuse
