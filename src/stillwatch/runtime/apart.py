"""Processes that work for another one: they end with it, also where it was killed and could not end them."""

import os
from functools import cache
from multiprocessing import connection, parent_process
from threading import Thread


@cache
def end_with_parent() -> None:
    """From now on this process, started by `multiprocessing`, ends when the one that started it has ended."""
    Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    parent = parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)
