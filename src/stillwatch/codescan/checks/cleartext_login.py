"""A login over a connection that is not encrypted: whoever is on the way reads the password.

Seen: Telnet, FTP, and SMTP where the module never switches to TLS.
"""

from __future__ import annotations

from stillwatch.codescan.checks import Hazard, Rule, SinkCall


def _hazard(call: SinkCall) -> Hazard | None:
    lines = () if call.module.source is None else call.module.source.lines
    if call.path.startswith("smtplib.") and any("starttls" in line for line in lines):
        return None
    return Hazard((), confidence=0.55, note=f"{call.path.rpartition('.')[0]} does not encrypt")


RULE = Rule(
    id="cleartext-login",
    cwe=319,
    title="a login that is not encrypted",
    cvss="CVSS:4.0/AV:N/AC:H/AT:P/PR:N/UI:N/VC:H/VI:L/VA:N/SC:N/SI:N/SA:N",
    advice="Use SSH, ftplib.FTP_TLS, smtplib.SMTP_SSL, or starttls before the login.",
    hazard=_hazard,
)

EXAMPLES = {
    "bad": """
import smtplib

def send(message, word):
    server = smtplib.SMTP("mail.example.org")
    server.login("me", word)
    server.send_message(message)
""",
    "good": """
import smtplib

def send(message):
    server = smtplib.SMTP("localhost")
    server.send_message(message)
""",
    "fixed": """
import smtplib

def send(message, word):
    server = smtplib.SMTP("mail.example.org")
    server.starttls()
    server.login("me", word)
    server.send_message(message)
""",
}
