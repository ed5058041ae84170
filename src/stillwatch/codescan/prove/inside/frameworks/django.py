"""Django: the application its settings describe, and the views its URL patterns lead to."""

from __future__ import annotations

import os
import re
import sys
import urllib.parse
from typing import TYPE_CHECKING, Any

from inside import message
from inside.frameworks import Route

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

NAME = "django"
CONSTRUCTORS = ("DJANGO_SETTINGS_MODULE", "get_wsgi_application(")
_SETTINGS = re.compile(r"""DJANGO_SETTINGS_MODULE['"]\s*,\s*['"]([\w.]+)['"]""")
_VARIABLE = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
_GROUP = re.compile(r"\(\?P<(?P<name>\w+)>[^()]*\)")


def quiet() -> None:
    import django  # noqa: F401, PLC0415 - of the interpreter of the code base, which may have none


def is_application(thing: Any) -> bool:
    handlers = sys.modules.get("django.core.handlers.wsgi")
    return handlers is not None and isinstance(thing, handlers.WSGIHandler)


def bare(module: ModuleType) -> Iterator[Any]:
    """The application of the settings that a file of the code base names."""
    del module
    settings = next(_named(sys.path[0]), None)
    if settings is None:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - as above
    from django.middleware.csrf import CsrfViewMiddleware  # noqa: PLC0415 - as above

    CsrfViewMiddleware.process_view = lambda *_arguments: (
        None
    )  # whoever sends a request has a token of their own
    yield get_wsgi_application()


def _named(root: str) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name in {"manage.py", "wsgi.py", "asgi.py"}:
                with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                    found = _SETTINGS.search(file.read())
                if found is not None:
                    yield found.group(1)


def routes(application: Any) -> Iterator[Route]:
    del application
    from django.urls import get_resolver  # noqa: PLC0415 - as above

    yield from _within(get_resolver().url_patterns, "/")


def _within(patterns: Any, prefix: str) -> Iterator[Route]:
    for entry in patterns:
        whole = prefix + str(entry.pattern).lstrip("^")
        if hasattr(entry, "url_patterns"):
            yield from _within(entry.url_patterns, whole.rstrip("$"))
            continue
        pattern = whole.rstrip("$")
        variables = [one.group("name") for one in (*_VARIABLE.finditer(pattern), *_GROUP.finditer(pattern))]
        for function, methods in _functions(entry.callback):
            yield Route(function, pattern, methods, _builder(pattern), variables)


def _functions(view: Any) -> Iterator[tuple[Any, list[str]]]:
    owner = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if owner is None:
        yield view, ["GET", "POST"]
        return
    for method in ("get", "post", "put", "delete", "patch"):
        if hasattr(owner, method):
            yield getattr(owner, method), [method.upper()]


def _builder(pattern: str) -> Any:
    def path(values: dict[str, str]) -> str | None:
        def filled(found: re.Match[str]) -> str:
            slashes = "/" if found.groupdict().get("converter") == "path" else ""
            return urllib.parse.quote(values.get(found.group("name"), "1"), safe=slashes)

        return _GROUP.sub(filled, _VARIABLE.sub(filled, pattern))

    return path


def send(application: Any, request: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = message.by_wsgi(application, request)
    return answer
