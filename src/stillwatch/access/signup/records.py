"""What a sign-up check sees: account records, and what is kept of a request's mail address and telephone number.

A mail address and a number are looked at in memory, in `signup_records`. What leaves it is keyed or is one of
a few words: nobody reads an address out of it.
"""

from collections.abc import Sequence
from hashlib import blake2b

import msgspec
import pyarrow as pa

from stillwatch.access.signup.mail import Mailbox, read_address
from stillwatch.access.signup.phones import read_number
from stillwatch.features.key import SketchKey
from stillwatch.records import ACCOUNTS, Account

OF_REQUESTS = (
    pa.field("mailbox", pa.string()),  # keyed, the same for aliases of one mailbox
    pa.field("mail_look", pa.string()),  # plain, numbered or random
    pa.field("mail_shape", pa.string()),  # keyed
    pa.field("mail_stem", pa.string()),  # keyed
    pa.field("identity_token", pa.string()),  # as `Identities` gives it
    pa.field("identity_claims", pa.int64()),  # other organisations that the identity stands for now
)
SIGNUPS = pa.schema([*ACCOUNTS, *OF_REQUESTS])
"""Account records with what is known of requests beside them; all but `account_id` may be null."""

DIGEST = 8  # bytes


class SignupRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-up as it happens. `email` and `phone` go no further than `signup_records`."""

    account: Account
    email: str | None = None
    phone: str | None = None
    phone_kind: str | None = (
        None  # as a carrier look-up says; without it the record, then the numbering plan is asked
    )
    identity_token: str | None = None
    identity_claims: int | None = None


def signup_records(requests: Sequence[SignupRequest], key: SketchKey) -> pa.Table:
    """Requests as records (schema SIGNUPS), without addresses and numbers.

    An address or number that cannot be read says nothing. What the account record says already stands.
    """
    rows = [_row(request, key) for request in requests]
    return pa.Table.from_pylist(rows, schema=SIGNUPS)


def as_signups(records: pa.Table | pa.RecordBatch) -> pa.Table:
    """Any table of account records in schema SIGNUPS; columns it lacks are null, others are left out."""
    table = pa.Table.from_batches([records]) if isinstance(records, pa.RecordBatch) else records
    columns = [
        table[field.name].cast(field.type)
        if field.name in table.column_names
        else pa.nulls(len(table), field.type)
        for field in SIGNUPS
    ]
    return pa.Table.from_arrays(columns, schema=SIGNUPS)


def _row(request: SignupRequest, key: SketchKey) -> dict[str, object]:
    row: dict[str, object] = msgspec.structs.asdict(request.account)
    found: dict[str, object] = {
        "phone_kind": request.phone_kind,
        "identity_token": request.identity_token,
        "identity_claims": request.identity_claims,
    }
    mailbox = read_address(request.email) if request.email else None
    if mailbox is not None:
        found |= _of_mailbox(mailbox, key)
    country = request.account.phone_country or request.account.signup_country
    number = read_number(request.phone, country) if request.phone else None
    if number is not None:
        found["phone_kind"] = request.phone_kind or number.kind
        found |= {"phone_country": number.country, "phone_hash": _digest(number.e164, "phone", key)}
    return row | {name: value for name, value in found.items() if row.get(name) is None}


def _of_mailbox(mailbox: Mailbox, key: SketchKey) -> dict[str, object]:
    return {
        "email_domain": mailbox.domain,
        "email_hash": _digest(mailbox.address, "email", key),
        "mailbox": _digest(mailbox.canonical, "mailbox", key),
        "mail_look": mailbox.look,
        "mail_shape": _digest(f"{mailbox.shape}@{mailbox.domain}", "shape", key),
        "mail_stem": _digest(f"{mailbox.stem}@{mailbox.domain}", "stem", key) if mailbox.stem else None,
    }


def _digest(text: str, purpose: str, key: SketchKey) -> str:
    data = text.encode("utf-8", "surrogatepass")
    return blake2b(data, key=key.secret, person=purpose.encode(), digest_size=DIGEST).hexdigest()
