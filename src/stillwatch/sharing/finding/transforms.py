"""How a value is changed before it leaves: put into a bucket, or keyed anew for one recipient."""

import hmac
import math
from hashlib import sha256

import msgspec

from stillwatch.sharing.finding.model import (
    Campaign,
    CapabilityShare,
    ComputeInterval,
    ErrorBound,
    Figure,
    MatchToken,
    ModelShare,
    TemplateSketch,
)

DAY = 86_400_000_000  # microseconds
TENTHS = 10
KEYED = "hmac-sha256"
# Of RFC 9497: nobody can enumerate what a token under them may be of.
SUITES = ("ristretto255-SHA512", "decaf448-SHAKE256", "P256-SHA256", "P384-SHA384", "P521-SHA512")
OPRF = "oprf-"  # how the names of sketches of such tokens begin
STEPS = (1, 2, 5)  # of each power of ten


def bucketed(value: object) -> object:
    """The value with less in it: counts to 1-2-5 steps, shares to tenths, times to days. No hash of a result is left."""
    if isinstance(value, Figure):
        return _figure(value)
    if isinstance(value, (CapabilityShare, ModelShare)):
        return msgspec.structs.replace(value, share=_figure(value.share))
    if isinstance(value, ErrorBound):
        return msgspec.structs.replace(value, log_e_value=_figure(value.log_e_value), fdr=_figure(value.fdr))
    if isinstance(value, Campaign):
        times = {
            name: getattr(value, name) // DAY * DAY for name in ("first_seen", "last_seen", "detected_at")
        }
        return msgspec.structs.replace(value, **times)
    if isinstance(value, ComputeInterval):
        return _interval(value)
    assert isinstance(value, list)  # `fields` lets no other kind be bucketed
    return [bucketed(one) for one in value]


def _interval(value: ComputeInterval) -> ComputeInterval:
    """Its ends moved outward to their buckets' edges: a wider interval, and as true."""
    edges = [_bounds(one) for one in (value.p10, value.p50, value.p90)]
    middle = min(edges[1], key=lambda edge: abs(edge - value.p50))
    return msgspec.structs.replace(
        value, p10=float(edges[0][0]), p50=float(middle), p90=float(edges[2][1]), query=None
    )


def _figure(figure: Figure) -> Figure:
    low, high = _bounds(figure.value)
    return Figure(value=low, below=high, query=figure.query)


def _bounds(value: float) -> tuple[float | int, float | int]:
    """The bucket around a number: [low, high)."""
    if value < 0:
        low, high = _bounds(-value)
        return -high, -low
    if isinstance(value, int) or value > 1:
        return _counted(math.floor(value))
    tenth = min(math.floor(value * TENTHS), TENTHS - 1)  # the last bucket holds its upper end
    return tenth / TENTHS, (tenth + 1) / TENTHS


def _counted(value: int) -> tuple[int, int]:
    if value == 0:
        return 0, 1
    power: int = 10 ** (len(str(value)) - 1)
    edges = [step * power for step in (*STEPS, 10)]
    low = max(edge for edge in edges if edge <= value)
    return low, min(edge for edge in edges if edge > low)


def keyed(token: MatchToken, secret: bytes, recipient: str, epoch: str) -> MatchToken:
    """A token that this recipient can follow within an epoch, and no two recipients can compare."""
    said = f"{recipient}\x00{epoch}\x00{token.value}".encode()
    return MatchToken(suite=KEYED, key_id=epoch, value=hmac.new(secret, said, sha256).hexdigest())


def blinded(tokens: list[MatchToken]) -> list[MatchToken]:
    """Those that nobody can enumerate."""
    return [one for one in tokens if one.suite in SUITES]


def large_enough(sketches: list[TemplateSketch], least: int) -> list[TemplateSketch]:
    """Those of texts that so many accounts sent, and that nobody can enumerate."""
    return [one for one in sketches if one.k >= least and one.alg.startswith(OPRF)]
