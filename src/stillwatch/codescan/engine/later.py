"""Functions that call others elsewhere or later: threads, pools, event loops, queues of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.engine import calls, names
from stillwatch.codescan.engine.heap import DictObject, State
from stillwatch.codescan.engine.run import Thrown
from stillwatch.codescan.engine.values import (
    Bound,
    Choice,
    Outside,
    Partial,
    Routine,
    Value,
    unknown,
)

if TYPE_CHECKING:
    from stillwatch.codescan.engine.builtins import Arguments, Keywords, Special
    from stillwatch.codescan.engine.run import Run
    from stillwatch.codescan.syntax import nodes

SECOND = ("run_in_executor", "call_later", "call_at", "threading.Timer")
"""Functions whose second argument is what they call."""


def _later(
    run: Run, _function: Outside, arguments: Arguments, keywords: Keywords, state: State, at: nodes.At
) -> Value | None:
    """A function given to be called elsewhere, with its arguments: it is called."""
    place = run.project.models.later.get(_function.path, 1 if _function.path.endswith(SECOND) else 0)
    target = keywords.get("target") or (
        arguments[place] if len(arguments) > place and "target" not in keywords else None
    )
    named = isinstance(target, Outside) and not target.path.startswith("?")
    if target is None or not (named or isinstance(target, Routine | Bound | Partial | Choice)):
        return None
    given = keywords.get("args")
    items = None if given is None else names.known_items(given, state)
    named_given = keywords.get("kwargs")
    thing = state.object_of(named_given)
    by_name = {
        str(key[0]): value
        for key, value in (thing.items if isinstance(thing, DictObject) else {}).items()
        if isinstance(key, tuple)
    }
    try:
        return calls.call(
            run, target, items if items is not None else arguments[place + 1 :], by_name, state, at
        )
    except Thrown:  # it happens there, not here
        run.risks += 1
        return unknown()


def _queued(
    run: Run, function: Outside, arguments: Arguments, keywords: Keywords, state: State, at: nodes.At
) -> Value | None:
    """A task of the code base that is put into a queue with a list of arguments: it is called."""
    given = keywords.get("args") or (arguments[0] if arguments else None)
    named = keywords.get("kwargs") or (arguments[1] if len(arguments) > 1 else None)
    items = None if given is None else names.known_items(given, state)
    thing = state.object_of(named)
    held = thing.items if isinstance(thing, DictObject) else {}
    by_name = {str(key[0]): value for key, value in held.items() if isinstance(key, tuple)}
    assert function.receiver is not None
    calls.call(run, function.receiver, items or [], by_name, state, at)
    return None


LATER: Special = _later
SPECIAL: dict[str, Special] = {
    "asyncio.to_thread": _later,
    "asyncio.loop.run_in_executor": _later,
    "?.run_in_executor": _later,
    "?.submit": _later,
    "concurrent.futures.ThreadPoolExecutor.submit": _later,
    "threading.Thread": _later,
    "threading.Timer": _later,
    "asyncio.loop.call_soon": _later,
    "asyncio.loop.call_soon_threadsafe": _later,
    "asyncio.loop.call_later": _later,
    "asyncio.loop.call_at": _later,
    "multiprocessing.Process": _later,
    "starlette.concurrency.run_in_threadpool": _later,
    "queued": _queued,
}
