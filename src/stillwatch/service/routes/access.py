"""What is held about an account's standing, and what it is asked to prove."""

import time

from stillwatch.policy.account_standing import AccountStanding, account_standing
from stillwatch.records import Micros, NotThere
from stillwatch.service.operation import Asked, Operation
from stillwatch.service.routes.verdicts import OfAccount


def check(asked: Asked[OfAccount, None]) -> AccountStanding:
    path = asked.home.standings
    if not path.exists():
        raise NotThere(
            "the watch has published no standings: it has no level policy, or has made no look yet"
        )
    now = Micros(time.time_ns() // 1000)
    return account_standing(path, asked.tenant, asked.parameters.account_id, now)


OPERATIONS = [
    Operation(
        name="check_access",
        method="GET",
        path="/access",
        scope="read",
        summary="What one account is asked to prove, by when and why",
        run=check,
        answer=AccountStanding,
        parameters=OfAccount,
    ),
]
