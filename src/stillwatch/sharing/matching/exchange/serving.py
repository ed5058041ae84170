"""An evaluator as a server of its own."""

import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from stillwatch.records import InvalidConfiguration
from stillwatch.sharing.matching.exchange.evaluator import Evaluator
from stillwatch.sharing.matching.exchange.routes import application
from stillwatch.sharing.matching.exchange.usage import Usage
from stillwatch.sharing.matching.membership.epoch import EpochKey
from stillwatch.sharing.matching.membership.identity import Identity
from stillwatch.sharing.matching.membership.roster import Roster

try:
    import uvicorn
except ImportError as _missing:
    raise InvalidConfiguration(
        "an evaluator needs the packages of `share`: pip install 'stillwatch[share]'"
    ) from _missing

AT_ONCE = 64  # connections; more are turned away with 503, and their askers go to another member
LEAVE = 10  # seconds that requests have when the server ends


def now() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000


def serve(
    identity: Identity, roster: Roster, keys: Mapping[str, EpochKey], log: Path, *, host: str, port: int
) -> None:
    """Answer until the process is told to end."""
    with closing(Usage(log)) as usage:
        uvicorn.run(
            application(Evaluator(identity, roster, keys, usage, now)),
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=AT_ONCE,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=LEAVE,
        )
