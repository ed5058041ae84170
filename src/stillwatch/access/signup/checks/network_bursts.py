"""Sign-ups from one network come faster today than they use to.

Sees: as `bin_bursts`, for the /24 of an IPv4 address and the /48 of an IPv6 address.
Cannot see: the first accounts of a burst; residential proxies, which hand out an address from anywhere.
Benign work that trips it: a class, a hackathon, an office on its first day, a carrier that puts a city behind one network.
"""

import numpy as np

from stillwatch.access.signup.history import LOUDEST, History
from stillwatch.access.signup.keeping import Intake


class NetworkBursts:
    id = "network_bursts"
    family = "timing"
    needs = frozenset({"signup_ip"})
    grades = LOUDEST + 1
    weighs = True
    counts = True
    asks = ()
    claim = "sign-ups from this network come faster than usual"

    def keep(self, intake: Intake) -> np.ndarray:
        return intake.networks()

    def grade(self, history: History) -> np.ndarray:
        return history.burst()


CHECK = NetworkBursts
