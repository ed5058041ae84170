"""Parts that tests of verification are set up from."""

import base64
import hashlib
import hmac
import json

from stillwatch.access.verification.api import Office, VerificationDesk, settings_from
from stillwatch.cases import api
from stillwatch.features.key import SketchKey
from stillwatch.records import Micros

START = 1_772_424_600_000_000  # 2026-03-02T04:10:00Z
SECOND = 1_000_000
MINUTES = 60 * SECOND
DAY = 86_400 * SECOND
KEY = SketchKey(bytes(range(32)))
SECRET = "a-secret-of-thirty-two-bytes-or-more"


class Clock:
    """Time that a test moves on."""

    def __init__(self, now=START):
        self.now = now

    def __call__(self):
        return Micros(self.now)


def office(folder=None, **given):
    return Office(settings_from(given, "test", *([] if folder is None else [folder])), KEY)


def desk(tenant, folder=None, **given):
    return VerificationDesk(tenant, office(folder, **given))


def record(account="acct-1", kind="payment", **changed):
    told = {
        "account_id": account,
        "kind": kind,
        "reference": "crm/1",
        "source": "register",
        "checked_at": START - DAY,
        "note": "seen",
    }
    return told | changed


def event(reference, *, proof="identity_ial2", outcome="passed", at=START, identity="person-7", **more):
    data = {
        "reference": reference,
        "outcome": outcome,
        "proof": proof,
        "performed_at": at // SECOND,
        "identity": identity,
    }
    return json.dumps({"type": "verification.completed", "data": data | more}).encode()


def signed(body, *, event_id="evt-1", at=START, secret=SECRET):
    moment = str(at // SECOND)
    made = hmac.digest(secret.encode(), b".".join((event_id.encode(), moment.encode(), body)), hashlib.sha256)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(made).decode()}",
    }


def kinds(tenant):
    """The kinds of all entries of the audit, in order."""
    lines = [one for one in api.stored_lines(tenant) if hasattr(one, "entry")]
    return [json.loads(one.entry.leaf)["kind"] for one in lines]
