"""A language model that may propose where to look, and patches: opt-in, never believed, and asked about code as data.

What it proposes is a finding below even odds that says so. Nothing it says raises one, lowers one or sets one aside: only
the scanner's own run in the sandbox does. Where it cannot be asked, or answers anything but what was asked for, the scan
goes on as without it, and says so.
"""

from stillwatch.codescan.model.asking import Asker, Budget
from stillwatch.codescan.model.endpoint import Endpoint, NotAnEndpoint

__all__ = ["Asker", "Budget", "Endpoint", "NotAnEndpoint"]
