"""A real name server on loopback, over UDP and TCP, whose records a test can change."""

from contextlib import contextmanager

from dnslib import QTYPE, RCODE, RR, TXT
from dnslib.server import BaseResolver, DNSServer


class Zone(BaseResolver):
    """Text records by name. `broken` answers nothing but an error."""

    def __init__(self):
        self.texts = {}
        self.broken = False
        self.signed = False
        self.asked = []

    def resolve(self, request, handler):  # noqa: ARG002 - the library's shape
        name = str(request.q.qname).rstrip(".").lower()
        self.asked.append(name)
        reply = request.reply()
        reply.header.ad = int(self.signed)
        if self.broken:
            reply.header.rcode = RCODE.SERVFAIL
        elif name not in self.texts:
            reply.header.rcode = RCODE.NXDOMAIN
        elif request.q.qtype == QTYPE.TXT:
            for text in self.texts[name]:
                parts = [text[at : at + 200] for at in range(0, len(text), 200)] or [""]
                reply.add_answer(RR(request.q.qname, QTYPE.TXT, rdata=TXT(parts), ttl=0))
        return reply


class _Silent:
    def __getattr__(self, _name):
        return lambda *_: None


@contextmanager
def serving():
    """A zone, and the address of its server."""
    zone = Zone()
    udp = DNSServer(zone, address="127.0.0.1", port=0, logger=_Silent())
    port = udp.server.server_address[1]
    tcp = DNSServer(zone, address="127.0.0.1", port=port, tcp=True, logger=_Silent())
    try:
        udp.start_thread()
        tcp.start_thread()
        yield zone, f"127.0.0.1:{port}"
    finally:
        for one in (udp, tcp):
            one.stop()
            one.server.server_close()
