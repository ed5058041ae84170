"""Requests and calls that carry a text to the inputs of a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from stillwatch.codescan.finding import Entry, Finding, Input

USUAL = "1"  # for what a handler needs and the finding is not about
BODIES = frozenset({"form", "body", "file"})


def file_of(module: str, root: Path) -> str | None:
    """The file of a module of the code base, relative to its root."""
    stem = module.replace(".", "/")
    for path in (f"{stem}.py", f"{stem}/__init__.py", f"src/{stem}.py", f"src/{stem}/__init__.py"):
        if (root / path).is_file():
            return path
    return None


def module_of(path: str) -> str:
    parts = path.removesuffix(".py").removeprefix("src/").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def method_of(found: Mapping[str, Any], entry: Entry, inputs: Sequence[Input]) -> str:
    """The method a request is sent with: one that can carry the inputs."""
    offered = [method for method in found["methods"] if method not in {"OPTIONS", "HEAD"}] or ["GET"]
    said = [method for method in entry.methods if method in offered]
    carrying = [method for method in said or offered if method != "GET"]
    if carrying and any(source.kind in BODIES for source in inputs):
        return "POST" if "POST" in carrying else carrying[0]
    return "GET" if "GET" in (said or offered) else (said or offered)[0]


def in_order(finding: Finding) -> list[Entry]:
    """The handlers a finding is reached from, those first whose requests can carry its inputs."""
    if not any(source.kind in BODIES for source in finding.inputs):
        return list(finding.entries)
    return sorted(
        finding.entries, key=lambda entry: bool(entry.methods) and set(entry.methods) <= {"GET", "HEAD"}
    )


def shapes(finding: Finding, entry: Entry, found: Mapping[str, Any]) -> Iterator[_Shape]:
    """Ways to fill the inputs: all of them at once, then each alone; and where names are not said, guesses at them."""
    yield _Shape(finding.inputs, entry, found)
    if len(finding.inputs) > 1:
        for source in finding.inputs:
            yield _Shape((source,), entry, found)


class _Shape:
    """A request without its text."""

    def __init__(self, inputs: Sequence[Input], entry: Entry, found: Mapping[str, Any]) -> None:
        self.inputs = tuple(inputs)
        self.method = method_of(found, entry, inputs)
        self._needs = [(kind, key) for kind, key in found["needs"]]
        self._words = list(found["words"])
        self._variables = list(found["variables"])

    def requests(self, text: str) -> Iterator[dict[str, Any]]:
        """The request with a text in the inputs; several where it is not said how a handler reads it."""
        yield self._filled(text, self._named(text))
        if any(source.key is None and source.kind == "body" for source in self.inputs):
            yield self._filled(text, {"body": text})
        if any(
            source.key is None and source.kind in {"form", "query", "header", "cookie"}
            for source in self.inputs
        ):
            for word in self._words:
                yield self._filled(text, self._under(word, text))
                yield self._filled(text, self._as_name(text, word))

    def _filled(self, text: str, given: dict[str, Any]) -> dict[str, Any]:
        """The request with what the handler needs besides; a finding without inputs may be about any of it."""
        usual = USUAL if self.inputs or not text else text
        request = {"method": self.method, **given}
        taken = {
            name for kind in ("query", "form", "headers", "cookies") for name, _ in request.get(kind, [])
        }
        for kind, key in self._needs:
            place = {"query": "query", "form": "form", "header": "headers", "cookie": "cookies"}.get(kind)
            if place is not None and key not in taken and (place != "form" or self.method != "GET"):
                request.setdefault(place, []).append([key, usual])
        for word in self._words:  # a handler that looks for `name=` in the raw query
            name = word.removesuffix("=")
            if word.endswith("=") and name and name not in taken:
                request.setdefault("query", []).append([name, usual])
        if "json" in request:
            for kind, key in self._needs:
                if kind == "json":
                    request["json"].setdefault(key, usual)
        return request

    def _named(self, text: str) -> dict[str, Any]:
        request: dict[str, Any] = {}
        for source in self.inputs:
            for key in self._keys(source):
                self._put(request, source.kind, key, text)
        return request

    def _keys(self, source: Input) -> list[str]:
        if source.key is not None:
            return [source.key]
        wanted = {"body": {"json", "field"}, "form": {"form", "query"}, "path": set()}.get(
            source.kind, {source.kind}
        )
        found = [key for kind, key in self._needs if kind in wanted]
        if source.kind in {"query", "body"}:  # read from the raw text, by a name and what follows it
            found.extend(
                word.removesuffix("=") for word in self._words if word.endswith("=") and len(word) > 1
            )
        if source.kind == "path":
            return self._variables
        return list(dict.fromkeys(found)) or ["name"]

    def _put(self, request: dict[str, Any], kind: str, key: str, text: str) -> None:
        match kind:
            case "query":
                request.setdefault("query", []).append([key, text])
            case "form":
                request.setdefault("form", []).append([key, text])
                if self.method == "GET":  # what is read as either, and forms that come with any method
                    request.setdefault("query", []).append([key, text])
            case "header":
                request.setdefault("headers", []).append([key, text])
            case "cookie":
                request.setdefault("cookies", []).append([key, text])
            case "path":
                request.setdefault("values", {})[key] = text
            case "file":
                request.setdefault("files", []).append([key, text])
            case "body":
                fields = [name for need, name in self._needs if need == "field"]
                for name in fields if fields and key not in fields else [key]:
                    request.setdefault("json", {})[name] = text

    def _under(self, word: str, text: str) -> dict[str, Any]:
        """The text as the value of the input that has a name the handler looks for."""
        request: dict[str, Any] = {}
        for source in self.inputs:
            self._put(request, source.kind, word if source.key is None else source.key, text)
        return request

    def _as_name(self, text: str, word: str) -> dict[str, Any]:
        """The text as the name of an input whose value is one the handler looks for."""
        request: dict[str, Any] = {}
        for source in self.inputs:
            self._put(
                request,
                source.kind,
                text if source.key is None else source.key,
                word if source.key is None else text,
            )
        return request


def carries(finding: Finding) -> bool:
    """Whether a request or a call can carry all its inputs."""
    return all(source.kind not in {"network", "model"} for source in finding.inputs)
