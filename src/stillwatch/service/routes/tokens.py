"""Tokens: listed, made and ended by who holds the scope `admin`."""

from typing import Annotated

import msgspec

from stillwatch import cases
from stillwatch.cases.api import SCOPES, Scope, Token
from stillwatch.service.operation import Asked, Id, Name, Nothing, Operation


class NewToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose it is, what it opens, and for how many days."""

    owner: Name
    scopes: Annotated[list[Scope], msgspec.Meta(min_length=1, max_length=len(SCOPES))]
    days: Annotated[int, msgspec.Meta(ge=1, le=3660)] = 90


class OfToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which token, by the id under which it is listed."""

    token_id: Id


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A new token. Its text is shown here and never again."""

    token: Token
    text: str


def list_(asked: Asked[Nothing, None]) -> list[Token]:
    return cases.list_tokens(asked.tenant)


def add(asked: Asked[Nothing, NewToken]) -> Made:
    new = asked.body
    token, text = cases.add_token(
        asked.tenant, owner=new.owner, scopes=new.scopes, days=new.days, by=asked.token.owner
    )
    return Made(token=token, text=text)


def revoke(asked: Asked[OfToken, None]) -> Token:
    return cases.revoke_token(asked.tenant, asked.parameters.token_id, by=asked.token.owner)


OPERATIONS = [
    Operation(
        name="list_tokens",
        method="GET",
        path="/tokens",
        scope="admin",
        summary="All tokens, without what they are",
        run=list_,
        answer=list[Token],
    ),
    Operation(
        name="add_token",
        method="POST",
        path="/tokens",
        scope="admin",
        summary="Make a token",
        run=add,
        answer=Made,
        body=NewToken,
    ),
    Operation(
        name="revoke_token",
        method="DELETE",
        path="/tokens/{token_id}",
        scope="admin",
        summary="End a token",
        run=revoke,
        answer=Token,
        parameters=OfToken,
    ),
]
