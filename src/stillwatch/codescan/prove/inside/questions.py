"""The questions that are answered here: find a handler, send a request, call a function, run a test."""

from __future__ import annotations

import builtins
import importlib
import inspect
import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from inside import handlers, probes
from inside.applications import Finder

if TYPE_CHECKING:
    from collections.abc import Callable

ERROR_LIMIT, OUTPUT_LIMIT = 500, 20_000


class Desk:
    """Where questions are put, one after another; what was imported for one is there for the next."""

    def __init__(self, say: Callable[[dict[str, Any]], None]) -> None:
        self._say = say
        self._root = ""
        self._finder: Finder | None = None
        self._found: dict[str, Any] = {}

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        asked: Callable[[dict[str, Any]], dict[str, Any]] = getattr(self, f"_{question['do']}")
        return asked(question)

    def _start(self, question: dict[str, Any]) -> dict[str, Any]:
        self._root = question["root"]
        source = os.path.join(self._root, "src")
        sys.path[:0] = [self._root, source] if os.path.isdir(source) else [self._root]
        return {"version": list(sys.version_info[:3])}

    def _watch(self, question: dict[str, Any]) -> dict[str, Any]:
        """Before anything is imported: which places tell, and which modules are left alone."""
        probes.install(self._root, question["places"])
        self._finder = Finder(self._root, question["avoid"], lambda name: self._say({"at": name}))
        return {}

    def _find(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._finder is not None
        handler = question["handler"]
        key = f"{question['path']}:{handler}"
        found = self._finder.find(question["module"], question["path"], handler)
        if found is None:
            return {"failed": self._finder.failed}
        application, route, place = found
        self._found[key] = application, route
        needs, words = handlers.expected(place[0], place[2])
        needs.extend(("field", name) for name in handlers.fields(route.function))
        return {
            "found": key, "module": application.module, "name": application.name, "made": application.made,
            "framework": application.framework.NAME, "settings": os.environ.get("DJANGO_SETTINGS_MODULE"), "pattern": route.pattern, "methods": route.methods,
            "variables": route.variables, "needs": needs, "words": words,
        }  # fmt: skip

    def _request(self, question: dict[str, Any]) -> dict[str, Any]:
        application, route = self._found[question["found"]]
        request = question["request"]
        request["path"] = route.path(request.get("values", {}))
        if request["path"] is None:
            return {"arrived": [], "path": None, "error": "the route does not take this value"}
        self._aim(question)
        answer: dict[str, Any] = {"path": request["path"]}
        try:
            answer["response"] = application.framework.send(application.thing, request)
        except probes.Stopped:
            answer["stopped"] = True
        except BaseException as error:  # noqa: BLE001 - foreign code; it is named and reported
            answer["error"] = f"{type(error).__name__}: {error}"[:ERROR_LIMIT]
        return self._told(answer)

    def _call(self, question: dict[str, Any]) -> dict[str, Any]:
        """Call a function that no request reaches, with these arguments, input and environment."""
        assert self._finder is not None
        module = self._finder.imported(question["module"])
        if module is None:
            return {
                "arrived": [],
                "error": self._finder.failed.get(question["module"], "it ended the process before"),
            }
        function: Any = module
        answer: dict[str, Any] = {}
        self._aim(question)
        before = sys.argv, builtins.input, dict(os.environ)
        try:
            for name in question["function"].split("."):
                owner, function = function, getattr(function, name)
                if inspect.isclass(owner) and inspect.isfunction(function):
                    function = getattr(owner(), name)
            sys.argv = [question["module"], *question["argv"]]
            builtins.input = lambda _prompt="": question["input"]  # what a person would type
            os.environ.update(question["environment"])
            answer["returned"] = probes.shown(_run(function, question["arguments"]))
        except probes.Stopped:
            answer["stopped"] = True
        except BaseException as error:  # noqa: BLE001 - foreign code; it is named and reported
            answer["error"] = f"{type(error).__name__}: {error}"[:ERROR_LIMIT]
        finally:
            sys.argv, builtins.input = before[0], before[1]
            os.environ.clear()
            os.environ.update(before[2])
        return self._told(answer)

    def _load(self, question: dict[str, Any]) -> dict[str, Any]:
        """Run the code of a module itself, as an import does; what it leaves under its public names is the answer."""
        name = question["module"]
        before = sys.modules.pop(name, None)
        answer: dict[str, Any] = {}
        self._aim(question)
        try:
            module = importlib.import_module(name)
            public = [one for one in sorted(vars(module)) if not one.startswith("_")]
            held = {one: getattr(module, one) for one in public}
            answer["returned"] = {
                one: probes.shown(thing) for one, thing in held.items() if not _is_code(thing)
            }
        except probes.Stopped:
            answer["stopped"] = True
        except BaseException as error:  # noqa: BLE001 - foreign code; it is named and reported
            answer["error"] = f"{type(error).__name__}: {error}"[:ERROR_LIMIT]
        finally:
            if before is not None:
                sys.modules[name] = before
        return self._told(answer)

    def _lay(self, question: dict[str, Any]) -> dict[str, Any]:
        """Make files that harmless requests ask for, each with its own name in it; those that can be made."""
        for path in question["paths"]:
            whole = os.path.realpath(os.path.join(self._root, path))
            if whole.startswith(os.path.realpath(self._root) + os.sep) and not os.path.exists(whole):
                with suppress(OSError):  # a folder of its name is a file, or it is too long
                    os.makedirs(os.path.dirname(whole), exist_ok=True)
                    with open(whole, "w", encoding="utf-8") as file:
                        file.write(f"this is {path}\n")
        return {}

    def _aim(self, question: dict[str, Any]) -> None:
        confined = self._root if question.get("confined") else None
        probes.watch.aim(question.get("place"), stops=question.get("stops", False), confined=confined)

    def _told(self, answer: dict[str, Any]) -> dict[str, Any]:
        answer["arrived"] = probes.watch.arrived
        probes.watch.aim(None)
        return answer

    def _signature(self, question: dict[str, Any]) -> dict[str, Any]:
        """The names of the parameters that a function needs."""
        assert self._finder is not None
        module = self._finder.imported(question["module"])
        try:
            function: Any = module
            for name in question["function"].split("."):
                owner, function = function, getattr(function, name)
            parameters = list(inspect.signature(function).parameters.values())
        except (AttributeError, TypeError, ValueError) as error:
            return {"error": f"{type(error).__name__}: {error}"[:ERROR_LIMIT]}
        if inspect.isclass(owner) and inspect.isfunction(inspect.getattr_static(owner, name)):
            parameters = parameters[1:]
        empty, several = (
            inspect.Parameter.empty,
            {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD},
        )
        return {
            "parameters": [one.name for one in parameters if one.kind not in several and one.default is empty]
        }

    def _test(self, question: dict[str, Any]) -> dict[str, Any]:
        """Run the functions of a proof of concept: whether each passes, fails, or cannot be run."""
        name = question["module"]
        path = os.path.join(self._root, f"{name}.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(question["text"])
        importlib.invalidate_caches()
        try:
            module = importlib.import_module(name)
            for attribute, thing in list(vars(module).items()):
                if attribute.startswith("test_") and callable(thing):
                    thing()
        except AssertionError as error:
            return {"outcome": "failed", "why": str(error)[:ERROR_LIMIT]}
        except BaseException as error:  # noqa: BLE001 - foreign code; it is named and reported
            return {"outcome": "could not be run", "why": f"{type(error).__name__}: {error}"[:ERROR_LIMIT]}
        return {"outcome": "passed", "why": ""}

    def _run_tests(self, question: dict[str, Any]) -> dict[str, Any]:
        """The project's own tests, by pytest."""
        command = [
            sys.executable,
            "-B",
            "-m",
            "pytest",
            "-q",
            "-rA",
            "-p",
            "no:cacheprovider",
            "--tb=no",
            "--color=no",
        ]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path[:2])}
        try:
            ended = subprocess.run(  # noqa: S603 - this very interpreter, behind the walls
                command,
                cwd=self._root,
                env=environment,
                capture_output=True,
                timeout=question["seconds"],
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"error": "they took too long"}
        except OSError as error:
            return {"error": str(error)}
        lines = ended.stdout.decode("utf-8", "replace").splitlines()
        words = ("PASSED ", "FAILED ", "ERROR ", "SKIPPED ", "XFAIL ", "XPASS ")
        results = sorted(line.split(" - ")[0] for line in lines if line.startswith(words))
        tail = ended.stderr.decode("utf-8", "replace")[-ERROR_LIMIT:]
        return {"code": ended.returncode, "results": results[:OUTPUT_LIMIT], "tail": tail}


def _is_code(thing: Any) -> bool:
    return any(kind(thing) for kind in (inspect.ismodule, inspect.isroutine, inspect.isclass))


def _run(function: Any, arguments: list[Any]) -> Any:
    result = function(*arguments)
    if inspect.iscoroutine(result):
        import asyncio  # noqa: PLC0415 - seldom needed, and slow to import

        return asyncio.run(result)
    return result
