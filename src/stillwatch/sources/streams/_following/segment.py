"""The files of a gateway's spool: how they are named, and when nothing is added to one any more.

A segment is `KIND-HOST-PID-N.jsonl.open` while it is written, and loses `.open` when it is closed. A living writer
closes each within ten minutes of its beginning. So one that is still open is nobody's when it has not grown for a
minute and its process on this host is gone, or when it has not grown for an hour: of another host, or where
another process has the number by now.
"""

import os
import re
import socket

OPEN = ".open"
LONGEST_OPEN = 600.0  # seconds a writer may keep a segment open
GROWN = 60.0  # seconds without growth after which a writer is looked for
NOBODYS = 3600.0  # seconds without growth after which nobody is
NAME = re.compile(r"(?P<kind>[a-z]+)-(?P<host>.+)-(?P<pid>\d+)-(?P<number>\d+)\.jsonl(?P<open>\.open)?")


def this_host() -> str:
    """The name of this machine as segments bear it."""
    return re.sub(r"[^A-Za-z0-9.]", "_", socket.gethostname())


def name(kind: str, number: int) -> str:
    """The name that a segment of this process has once it is closed."""
    return f"{kind}-{this_host()}-{os.getpid()}-{number}.jsonl"


def is_complete(file_name: str, quiet: float) -> bool:
    """Whether it is a segment that nothing is added to; `quiet` are the seconds since its last change."""
    named = NAME.fullmatch(file_name)
    if named is None:
        return False
    if not named["open"]:
        return True
    return quiet >= NOBODYS or (quiet >= GROWN and is_left(file_name))


def is_left(file_name: str) -> bool:
    """Whether it is an open segment of a process of this host that is gone."""
    named = NAME.fullmatch(file_name)
    return bool(named and named["open"] and named["host"] == this_host() and not _alive(int(named["pid"])))


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # of another user
    return True
