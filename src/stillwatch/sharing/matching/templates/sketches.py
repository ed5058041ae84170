"""Template sketches: the smallest tokens of the fragments that mark a campaign (bottom-k, Cohen and Kaplan 2007).

Only fragments that at least K accounts of the campaign carry take part, and hardly any account outside. A token comes from
the quorum, under the key of the epoch, so the order that picks the smallest is the same for all members and known to
none before they ask; and a guessed prompt can be tried against a sketch only by asking the quorum about it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from stillwatch.records import UnreadableInput
from stillwatch.sharing.finding.model import TemplateSketch
from stillwatch.sharing.matching.membership.epoch import EpochKey
from stillwatch.sharing.matching.templates.carried import RARE, Fragment
from stillwatch.sharing.matching.tokens import TOKEN_BYTES, value_of

K = 20  # accounts: a template on fewer may be one customer's own prompt (notes of the sharing profile)
OUTSIDE = 0.05  # accounts outside that may carry it, for each inside. Tuned on seeds 1 to 5: at a tenth the wordings that
# evaluation vendors share with graders come in
SMALLEST = 64  # tokens of a sketch
ALG = f"oprf-bottom-{SMALLEST}-of-4-words"
KIND = "template"

Evaluate = Callable[[Sequence[bytes]], list[bytes]]
"""Tokens of values; who is asked for them is the caller's business."""


def sketches(fragments: Sequence[Fragment], key: EpochKey, evaluate: Evaluate) -> dict[str, TemplateSketch]:
    """The sketch of each campaign, by its id, its smallest tokens first; one without a fragment of its own has none."""
    own = [one for one in fragments if one.inside >= K and _marks(one)]
    distinct = sorted({one.fragment for one in own})
    by_fragment = dict(zip(distinct, evaluate([fragment_value(one) for one in distinct]), strict=True))
    of_campaign: dict[str, list[bytes]] = defaultdict(list)
    for one in own:
        of_campaign[one.campaign_id].append(by_fragment[one.fragment])
    return {
        campaign: TemplateSketch(ALG, key.epoch, b"".join(sorted(found)[:SMALLEST]).hex(), K)
        for campaign, found in sorted(of_campaign.items())
    }


def _marks(one: Fragment) -> bool:
    """Whether few enough outside carry it; a few that are like members in all may be members that were not found."""
    return one.outside - one.alike <= OUTSIDE * one.inside and one.outside <= RARE * one.inside


def fragment_value(fragment: int) -> bytes:
    """A fragment as the function takes it."""
    return value_of(KIND, fragment.to_bytes(8))


def tokens_of(sketch: TemplateSketch) -> list[bytes]:
    """The tokens of a sketch. Raises UnreadableInput where it is none of this kind."""
    try:
        value = bytes.fromhex(sketch.value)
    except ValueError:
        value = b""
    whole = 0 < len(value) <= SMALLEST * TOKEN_BYTES and len(value) % TOKEN_BYTES == 0
    if sketch.alg != ALG or not whole or sketch.k < K:
        raise UnreadableInput(f"not a sketch {ALG} of templates on at least {K} accounts")
    return [value[at : at + TOKEN_BYTES] for at in range(0, len(value), TOKEN_BYTES)]
