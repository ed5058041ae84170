"""What partners match by, where it is more than one object may hold: tokens go on in notes beside the campaign.

A server may refuse an object that is too long, ours one of more than 256 KiB; a token takes about a hundred bytes.
"""

from collections.abc import Iterator

from stillwatch.sharing.formats._projection.stix import extension
from stillwatch.sharing.formats._projection.stix.objects import Maker, Object

TOKENS = extension.MATCH_TOKENS


def more_tokens(make: Maker, campaign: Object) -> Iterator[Object]:
    """Notes with the tokens that the campaign object does not hold."""
    finding = make.view.finding
    for begin in range(TOKENS, len(finding.match_tokens), TOKENS):
        part = finding.match_tokens[begin : begin + TOKENS]
        yield make.domain(
            "note",
            f"tokens/{begin // TOKENS}",
            abstract="Tokens for private matching",
            content="Tokens of the campaign for private matching, which the campaign object has no room for.",
            object_refs=[campaign["id"]],
            extensions=extension.extended({"finding_id": finding.finding_id, "match_tokens": part}),
        )
