"""What frameworks and libraries do with data: one YAML file each, found by walking this folder.

    name, documentation   what the file is about, and where that is written
    aliases               {other name: name}: re-exports, and the type of what an attribute holds
    gives                 {attribute, or function with "()", or item with "[]": type of what it gives}; `TYPE.*` as below
    sources               {attribute, or function with "()": {kind, shape}}: where others' data comes in; `TYPE.*` is any
                          attribute of a type
    sinks                 [{call or set, rule, arguments}]: what must not be given such data, or not be called so
    cleans                {function: [rules]}: what it gives is harmless for these rules
    same_as               {function: the function of the standard library that does the same}
    validates             {function: [rules]}: where it says yes, its first argument is
    passes, drops         functions that hand data on unharmed; functions whose result holds none of it
    raises                functions that never return: what follows a call of them does not run
    stores                {type: {write: {method: places}, read: {method: places}}}: values kept by key
    values                {attribute: text}: what stands for it while a payload is followed
    keeps                 things outside whose attributes keep what is stored in them, for all code (`flask.g`)
    later                 {function: place}: functions that call the one given at that place with what follows it
    entries               how requests reach functions
    examples              {bad, good}: snippets the tests run, for what no check has an example of

A name may end in `.*`. Names are dotted as an import would give them; a method is named by its type. The call of a sink
may also be `*.method`, of whatever type from outside, and `?.method`, of what is not known; what it sets may be
`globals.NAME`, of a module.
"""

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from stillwatch.codescan.finding import InputKind

Shape = Literal["text", "texts", "bytes", "mapping", "any", "json", "file"]


class SourceModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`routed` marks what only holds the request's path: under a route without variables it is nobody's choice.

    `carried` says that it is others' data only if what it is taken from is; `weak` marks what was looked at by code that is not read (a form's cleaned data); `of` is the type of each item.
    """

    kind: InputKind
    shape: Shape = "any"
    routed: bool = False
    carried: bool = False
    weak: bool = False
    of: str | None = None


class SinkModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`call` or `set` (`name[]` for items) is the name; `arguments` are those that matter: places and keywords.

    An answer of a handler (`answer`) counts where it is read as HTML, or however it is read (`answers: any`).
    """

    rule: str
    call: str | None = None
    set: str | None = None
    arguments: tuple[tuple[int | str, ...], ...] = ()
    answers: Literal["html", "any"] = "html"


class StoreModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Places of the key's parts; of a writing method the last place is the value's."""

    write: dict[str, tuple[int, ...]] = {}
    read: dict[str, tuple[int, ...]] = {}


class EntryModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a framework's requests reach a function.

    `decorator` registers a handler, and so do names in `unknown` where the object is not known but the framework is
    imported; `register` is a call that does, with the places of the `handler` and its `route`. `parameters` says what
    the handler's parameters hold (`model`: what a language model wrote, `document`: all of a request as JSON,
    `arguments`: what is typed on a command line); `base` and `handlers` are of class handlers, patterns such as
    `resolve_*` among them. `signature` are the names of the first parameters of functions that are known by these alone;
    `given` are parameters that the framework fills by itself, `fills` those it fills with an instance of what an attribute
    of the handler's class holds.
    """

    decorator: str | None = None
    unknown: tuple[str, ...] = ()
    base: str | None = None
    handlers: tuple[str, ...] = ()
    register: str | None = None
    handler: tuple[int | str, ...] = ()
    route: tuple[int | str, ...] = (0,)
    signature: tuple[str, ...] = ()
    fills: dict[str, str] = {}
    given: tuple[str, ...] = ()
    kind: InputKind | None = None
    parameters: Literal["path", "request", "typed", "model", "document", "arguments", "none"] = "none"
    request: str | None = None
    answers: Literal["html", "json", "text"] = "html"
    method: str | None = None


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of this folder."""

    name: str
    documentation: str
    aliases: dict[str, str] = {}
    gives: dict[str, str] = {}
    sources: dict[str, SourceModel] = {}
    sinks: tuple[SinkModel, ...] = ()
    cleans: dict[str, tuple[str, ...]] = {}
    validates: dict[str, tuple[str, ...]] = {}
    same_as: dict[str, str] = {}
    passes: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    stores: dict[str, StoreModel] = {}
    values: dict[str, str] = {}
    keeps: tuple[str, ...] = ()
    later: dict[str, int] = {}
    entries: tuple[EntryModel, ...] = ()
    examples: dict[str, tuple[str, ...]] = {}


@cache
def catalogue() -> tuple[Model, ...]:
    """Every model in this folder, in order of its name."""
    import yaml  # noqa: PLC0415 - the extra `codescan`

    found = sorted(
        (file for file in files(__name__).iterdir() if file.name.endswith(".yaml")),
        key=lambda file: file.name,
    )
    return tuple(msgspec.convert(yaml.safe_load(file.read_text("utf-8")), Model) for file in found)
