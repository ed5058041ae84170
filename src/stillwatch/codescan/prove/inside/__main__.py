"""Answers questions, one JSON line each, until there are no more."""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any, BinaryIO

sys.path[0] = str(Path(__file__).parent.parent)

from inside import guard, questions  # noqa: E402 - found by the line above

sys.path.pop(0)


class Line:
    """The way out for answers, kept from the code that runs here by being no standard descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._file: BinaryIO = os.fdopen(os.dup(descriptor), "wb", buffering=0)
        os.close(descriptor)

    def say(self, said: dict[str, Any]) -> None:
        self._file.write(json.dumps(said, default=repr).encode("utf-8", "replace") + b"\n")


def main(descriptor: int) -> None:
    line = Line(descriptor)
    asked = os.fdopen(os.dup(0), "rb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    mine = os.getpid()
    desk = questions.Desk(line.say)
    for text in asked:
        question = json.loads(text)
        if question["do"] == "start" and question["guarded"]:
            guard.install(question["root"])
        try:
            answer = desk.answer(question)
        except BaseException as error:  # noqa: BLE001 - foreign code raises what it likes; it is named and reported
            last = traceback.extract_tb(error.__traceback__)[-1:]
            place = f" ({last[0].filename}:{last[0].lineno})" if last else ""
            answer = {"error": f"{type(error).__name__}: {error}{place}"[:500]}
        if os.getpid() != mine:  # foreign code forked, and came back here
            os._exit(0)
        line.say({**answer, "number": question["number"]})


if __name__ == "__main__":
    main(int(sys.argv[1]))
