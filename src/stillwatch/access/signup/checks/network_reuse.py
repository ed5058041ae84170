"""Sign-ups of the last week from one network, more than its share before foretells.

Sees: how many times more, to the power of two, for the /24 of an IPv4 address and the /48 of an IPv6 address.
Cannot see: residential proxies, which hand out an address from anywhere.
Benign work that trips it: a school, an office, a cloud that many developers sign up from, a carrier that puts a city
behind one network.
"""

import numpy as np

from stillwatch.access.signup.history import LOUDEST, History
from stillwatch.access.signup.keeping import Intake


class NetworkReuse:
    id = "network_reuse"
    family = "timing"
    needs = frozenset({"signup_ip"})
    grades = LOUDEST + 1
    weighs = True
    counts = True
    asks = ()
    claim = "more sign-ups than usual come from this network"

    def keep(self, intake: Intake) -> np.ndarray:
        return intake.networks()

    def grade(self, history: History) -> np.ndarray:
        return history.more_than_usual()


CHECK = NetworkReuse
