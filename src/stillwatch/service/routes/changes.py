"""Changes to cases. Who makes one is the owner of the token, never a field of the request."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

import msgspec

from stillwatch import cases
from stillwatch.cases.api import Case
from stillwatch.service.operation import Asked, Id, Name, Operation, Words
from stillwatch.service.problem import Refused
from stillwatch.service.routes.cases import OfCase

Accounts = Annotated[list[Id], msgspec.Meta(min_length=1, max_length=10_000)]


class Why(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why it is done; the audit keeps it."""

    reason: Words


class Confirmation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why, and whether as a reviewer, for whom the token needs the scope `review`."""

    reason: Words
    reviewer: bool = False


class Note(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is noted."""

    text: Words


class Assignment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose case it is; null for nobody's."""

    owner: Name | None


class Merging(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The case that is put into this one, and why."""

    other_id: Id
    reason: Words


class SomeAccounts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which accounts, and why."""

    accounts: Accounts
    reason: Words


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """The case as it is now; of a split, the new one."""

    case: Case


def confirm(asked: Asked[OfCase, Confirmation]) -> Changed:
    if asked.body.reviewer and not asked.token.may("review"):
        raise Refused(HTTPStatus.FORBIDDEN, "to confirm as a reviewer, the token needs the scope review")
    return _changed(asked, cases.confirm)


def _changed(asked: Asked[OfCase, Any], change: Callable[..., str]) -> Changed:
    """Make a change whose fields are those of the body."""
    said = msgspec.structs.asdict(asked.body)
    case_id = change(asked.tenant, asked.parameters.case_id, by=asked.token.owner, **said)
    return Changed(case=cases.get_case(asked.tenant, case_id))


def dismiss(asked: Asked[OfCase, Why]) -> Changed:
    return _changed(asked, cases.dismiss)


def close(asked: Asked[OfCase, Why]) -> Changed:
    return _changed(asked, cases.close)


def reopen(asked: Asked[OfCase, Why]) -> Changed:
    return _changed(asked, cases.reopen)


def note(asked: Asked[OfCase, Note]) -> Changed:
    return _changed(asked, cases.note)


def assign(asked: Asked[OfCase, Assignment]) -> Changed:
    return _changed(asked, cases.assign)


def clear(asked: Asked[OfCase, SomeAccounts]) -> Changed:
    return _changed(asked, cases.clear)


def split(asked: Asked[OfCase, SomeAccounts]) -> Changed:
    return _changed(asked, cases.split)


def merge(asked: Asked[OfCase, Merging]) -> Changed:
    return _changed(asked, cases.merge)


OPERATIONS = [
    Operation(
        name="confirm_case",
        method="POST",
        path="/cases/{case_id}/confirm",
        scope="decide",
        summary="Say that the case is a campaign; as a reviewer, also that its accounts may be blocked",
        run=confirm,
        answer=Changed,
        parameters=OfCase,
        body=Confirmation,
    ),
    Operation(
        name="dismiss_case",
        method="POST",
        path="/cases/{case_id}/dismiss",
        scope="decide",
        summary="Say that the case is no campaign; its accounts are cleared on this evidence",
        run=dismiss,
        answer=Changed,
        parameters=OfCase,
        body=Why,
    ),
    Operation(
        name="close_case",
        method="POST",
        path="/cases/{case_id}/close",
        scope="decide",
        summary="Say that the work is done",
        run=close,
        answer=Changed,
        parameters=OfCase,
        body=Why,
    ),
    Operation(
        name="reopen_case",
        method="POST",
        path="/cases/{case_id}/reopen",
        scope="decide",
        summary="Undo a confirmation, a dismissal or a close",
        run=reopen,
        answer=Changed,
        parameters=OfCase,
        body=Why,
    ),
    Operation(
        name="note_case",
        method="POST",
        path="/cases/{case_id}/note",
        scope="decide",
        summary="Add a note",
        run=note,
        answer=Changed,
        parameters=OfCase,
        body=Note,
    ),
    Operation(
        name="assign_case",
        method="POST",
        path="/cases/{case_id}/assign",
        scope="decide",
        summary="Make somebody its owner, or nobody",
        run=assign,
        answer=Changed,
        parameters=OfCase,
        body=Assignment,
    ),
    Operation(
        name="clear_case",
        method="POST",
        path="/cases/{case_id}/clear",
        scope="decide",
        summary="Clear accounts one by one; they leave the case",
        run=clear,
        answer=Changed,
        parameters=OfCase,
        body=SomeAccounts,
    ),
    Operation(
        name="split_case",
        method="POST",
        path="/cases/{case_id}/split",
        scope="decide",
        summary="Move accounts to a new case",
        run=split,
        answer=Changed,
        parameters=OfCase,
        body=SomeAccounts,
    ),
    Operation(
        name="merge_case",
        method="POST",
        path="/cases/{case_id}/merge",
        scope="decide",
        summary="Put another case into this one",
        run=merge,
        answer=Changed,
        parameters=OfCase,
        body=Merging,
    ),
]
