"""What is done about a call: verdicts published ahead, a policy of ordered rules, and the decision.

Gateways load this room, so that what only publishing, replaying and linting need is imported where it is used.
"""

from stillwatch.policy.decide import Decider
from stillwatch.policy.follower import Follower, StandingFollower
from stillwatch.policy.load import load, parse
from stillwatch.policy.rules import Policy, Rule
from stillwatch.policy.standing_table import StandingTable
from stillwatch.policy.verdict_table import VerdictTable

__all__ = [
    "Decider",
    "Follower",
    "Policy",
    "Rule",
    "StandingFollower",
    "StandingTable",
    "VerdictTable",
    "load",
    "parse",
]
