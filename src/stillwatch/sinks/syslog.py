r"""`syslog://HOST:PORT`, `syslog+tcp://`, `syslog+tls://`: the alarms as RFC 5424 messages.

Carries: CEF by default; `?format=ocsf` sends the OCSF Detection Finding of the `ocsf` sink in its place. Facility
local0, `MSGID` the kind of the alarm. Octet counting (RFC 6587) on TCP and TLS.
Options: `format=cef|ocsf`; `ca=FILE`, on TLS only, the certificates that the receiver's must descend from, in place
of the system's. The receiver's name is checked.
Ports: 514, and 6514 for TLS, unless the URL says another.
Holds: syslog does not acknowledge. On TCP and TLS each alarm has a connection of its own, which is closed in good
order, so that one the receiver breaks off is noticed and tried again. On UDP a lost message is lost; a message
longer than a datagram is a dead letter.
Escapes: control, bidirectional and line-breaking characters are spelled out (`\u202e`); in CEF `\`, `|` and `=`
are escaped as the format asks, ids are cut at 120 characters and the summary at 600.
"""

import errno
import os
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from stillwatch.records import InvalidConfiguration, Notice, UsageError, rfc3339
from stillwatch.records.product import NAME
from stillwatch.sinks._delivery.address import options, scheme_of, split
from stillwatch.sinks._delivery.cef import cef
from stillwatch.sinks._delivery.detection_finding import ocsf_line
from stillwatch.sinks._delivery.interface import Kind, NotNow, Refused
from stillwatch.sinks._delivery.severity import severity

TIMEOUT = 10.0  # seconds for connecting and for sending
PARTING = 2.0  # seconds that the receiver has to close its end
PORT_UNREACHABLE = 0.05  # seconds in which the refusal of a datagram usually comes back
LOCAL0 = 16
PAYLOADS: dict[str, Callable[[Notice], bytes]] = {
    "cef": lambda notice: cef(notice).encode(),
    "ocsf": ocsf_line,
}


class Syslog(NamedTuple):
    """One receiver; `tls` is None on plain TCP."""

    host: str
    port: int
    payload: Callable[[Notice], bytes]
    tls: ssl.SSLContext | None = None

    def deliver(self, notice: Notice) -> None:
        message = frame(notice, self.payload(notice))
        try:
            with socket.create_connection((self.host, self.port), TIMEOUT) as plain:
                self._send(plain, b"%d %b" % (len(message), message))
        except OSError as error:
            raise NotNow(f"{self.host}:{self.port}: {error}") from error

    def _send(self, plain: socket.socket, counted: bytes) -> None:
        if self.tls is None:
            plain.sendall(counted)
            plain.shutdown(socket.SHUT_WR)
            plain.settimeout(PARTING)
            with suppress(TimeoutError):
                while plain.recv(1 << 12):
                    pass
            return
        with self.tls.wrap_socket(plain, server_hostname=self.host) as secure:
            secure.sendall(counted)
            secure.settimeout(PARTING)
            # Some receivers close without the farewell of TLS, or never; both have the message.
            with suppress(TimeoutError, ssl.SSLError):
                secure.unwrap()


class Datagrams(NamedTuple):
    """One receiver over UDP."""

    host: str
    port: int
    payload: Callable[[Notice], bytes]

    def deliver(self, notice: Notice) -> None:
        message = frame(notice, self.payload(notice))
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_DGRAM)
            family, kind, protocol, _, address = found[0]
            with socket.socket(family, kind, protocol) as sender:
                sender.connect(address)
                sender.settimeout(PORT_UNREACHABLE)
                sender.send(message)
                with suppress(TimeoutError):
                    sender.recv(1)
        except OSError as error:
            if error.errno == errno.EMSGSIZE:
                raise Refused(f"{len(message)} bytes are too long for a datagram") from error
            raise NotNow(f"{self.host}:{self.port}: {error}") from error


def frame(notice: Notice, payload: bytes) -> bytes:
    """An RFC 5424 message. It has no byte order mark: readers of CEF look for `CEF:` at its start."""
    priority = LOCAL0 * 8 + severity(notice.alarm.kind).syslog
    host = _word(socket.gethostname(), 255)
    kind = _word(notice.alarm.kind, 32)
    head = f"<{priority}>1 {rfc3339(notice.written_at)} {host} {NAME} {os.getpid()} {kind} - "
    return head.encode("ascii") + payload


def _word(text: str, longest: int) -> str:
    """A field of the header: printable ASCII without spaces, `-` where nothing is left."""
    return "".join(letter for letter in text if "!" <= letter <= "~")[:longest] or "-"


def open_syslog(url: str) -> Syslog | Datagrams:
    scheme, parts = scheme_of(url), split(url)
    if parts.path.strip("/") or parts.fragment:
        raise UsageError(f"{scheme}: takes a host, a port and options, nothing else")
    known = {"format", "ca"} if scheme == "syslog+tls" else {"format"}
    chosen = options(scheme, parts.query, known)
    style = chosen.get("format", "cef")
    if style not in PAYLOADS:
        raise UsageError(f"{scheme}: no format {style[:20]!r}; there are: {', '.join(PAYLOADS)}")
    host = parts.hostname or ""
    if scheme == "syslog":
        return Datagrams(host, parts.port or 514, PAYLOADS[style])
    if scheme == "syslog+tcp":
        return Syslog(host, parts.port or 514, PAYLOADS[style])
    return Syslog(host, parts.port or 6514, PAYLOADS[style], _trust(chosen.get("ca")))


def _trust(authorities: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=None if authorities is None else Path(authorities))
    except OSError as error:
        raise InvalidConfiguration(f"syslog+tls: ca={authorities}: {error.strerror or error}") from error


SINK = Kind(
    ("syslog", "syslog+tcp", "syslog+tls"), "syslog+tls://siem.example.com:6514?format=cef", open_syslog
)
