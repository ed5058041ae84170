"""Parts that tests of the service are set up from."""

import json
from base64 import b64encode

from composed_campaigns import HOUR, START
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwk

from stillwatch.access.verification.api import Office, settings_from
from stillwatch.access.verification.protocols.webhook import signed_content
from stillwatch.features.key import SketchKey
from stillwatch.records import Micros
from stillwatch.service.spooling import Spooler
from stillwatch.service.standing import Home


class Clock:
    """Time that a test moves on."""

    def __init__(self):
        self.now = START + 1000 * HOUR

    def __call__(self):
        self.now += 1
        return Micros(self.now)


def home_at(folder, **changed):
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "out": folder,
        "verdicts": folder / "verdicts",
        "standings": folder / "standings",
        "alarms": folder / "alarms.jsonl",
    }
    return Home(spooler=Spooler(folder / "spool"), **(told | changed))


VENDOR_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
VENDOR = "idcheck"


LOGIN_KEY = jwk.generate_key("EC", "P-256", {"kid": "k1"})


def office(folder=None):
    """Verification with a vendor, with a relying party for passkeys, and with a folder also with access tokens."""
    public = b64encode(VENDOR_KEY.public_key().public_bytes_raw()).decode()
    party = {"id": "example.com", "name": "Example", "origins": ["https://console.example.com"]}
    vendors = {VENDOR: {"states": ["identity_ial2"], "public_keys": [public]}}
    given = {"relying_party": party, "vendors": vendors}
    if folder is not None:
        (folder / "jwks.json").write_text(json.dumps({"keys": [LOGIN_KEY.as_dict(private=False)]}))
        path = str(folder / "jwks.json")
        given["access_tokens"] = {"issuer": "https://login.test", "audience": "api", "jwks": path}
    return Office(settings_from(given, "test"), SketchKey(bytes(32)))


def signed(body, now, event_id="evt-1"):
    """The headers with which the vendor sends an event."""
    moment = str(now // 1_000_000)
    made = VENDOR_KEY.sign(signed_content(event_id, moment, body))
    return {
        "webhook-id": event_id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1a,{b64encode(made).decode()}",
    }
