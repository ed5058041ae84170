"""What holds a campaign's accounts together: a table of shared keys and a picture of a sample of links."""

from collections import Counter, defaultdict

from stillwatch.records import Campaign, SharedKey
from stillwatch.reports._writing.text import escaped
from stillwatch.reports._writing.words import figure, many
from stillwatch.reports.page.pieces import heads, name, scrolling

FAMILIES = ("money", "onboarding", "place", "software", "text", "succession")
ACCOUNTS, KEYS = 18, 12  # what a reader can follow with the eye
ROW, MIDDLE = 24, 260  # pixels
LABEL, LETTER = 32, 7  # characters shown, pixels a character
LISTED = 40  # shared keys in the table


def links(campaign: Campaign) -> str:
    if not campaign.shared_keys and not campaign.links:
        return '<p class="quiet">The run recorded no shared keys for this campaign.</p>'
    return _table(campaign.shared_keys) + _picture(campaign)


def _table(keys: list[SharedKey]) -> str:
    if not keys:
        return ""
    rows = "".join(
        f'<tr><td><span class="family {_family(key.family)}">{escaped(key.family, 20)}</span></td>'
        f'<th scope="row">{name(key.label)}</th><td class="number">{key.members:,}</td>'
        f'<td class="number">{key.others:,}</td><td class="number">{escaped(figure(key.lift))} times</td></tr>'
        for key in keys[:LISTED]
    )
    more = (
        f"<p>{len(keys) - LISTED:,} more shared keys are in campaigns.json.</p>" if len(keys) > LISTED else ""
    )
    head = heads(
        ("Kind", ""),
        ("Shared key", ""),
        ("Accounts of the campaign", "number"),
        ("All other accounts", "number"),
        ("More often than others", "number"),
    )
    return scrolling(f"<table>{head}<tbody>{rows}</tbody></table>", "Shared keys") + more


def _family(family: str) -> str:
    """A class name, so never the text itself."""
    return f"f-{family}" if family in FAMILIES else "f-other"


def _picture(campaign: Campaign) -> str:
    """Accounts on the left, keys on the right, each key near the middle of its accounts."""
    shown = _sample(campaign.links)
    if not shown:
        return ""
    accounts = list(dict.fromkeys(account for account, _, _ in shown))
    places: dict[str, list[int]] = defaultdict(list)
    for account, key, _ in shown:
        places[key].append(accounts.index(account))
    keys = sorted(places, key=lambda key: (sum(places[key]) / len(places[key]), key))
    start = _edge(accounts)
    end = start + MIDDLE
    middle = (start + end) // 2
    width = end + _edge(keys)
    height = ROW * max(len(accounts), len(keys)) + 12
    left = {account: _place(at, len(accounts), height) for at, account in enumerate(accounts)}
    right = {key: _place(at, len(keys), height) for at, key in enumerate(keys)}
    families = {key.label: _family(key.family) for key in campaign.shared_keys}
    label = f"{many(len(accounts), 'account')} of {campaign.accounts:,} and {many(len(keys), 'shared key')}"
    heaviest = max(weight for _, _, weight in shown) or 1.0
    lines = "".join(
        f'<path class="{families.get(key, "f-other")}" stroke-width="{0.6 + 2.4 * max(weight, 0) / heaviest:.1f}" '
        f'd="M{start} {left[account]:.0f} C{middle} {left[account]:.0f} {middle} {right[key]:.0f} '
        f'{end} {right[key]:.0f}"/>'
        for account, key, weight in shown
    )
    ends = "".join(_node(start, y, account, "account", -1) for account, y in left.items())
    ends += "".join(_node(end, y, key, families.get(key, "f-other"), 1) for key, y in right.items())
    picture = (
        f'<svg class="links" viewBox="0 0 {width} {height}" role="img" aria-label="{escaped(label)}">'
        f'<g class="lines">{lines}</g>{ends}</svg>'
    )
    return f"<figure>{scrolling(picture, label)}<figcaption>A sample: {label}.</figcaption></figure>"


def _sample(every: list[tuple[str, str, float]]) -> list[tuple[str, str, float]]:
    """The links among the keys and accounts that have most of them."""
    keys = {key for key, _ in Counter(key for _, key, _ in every).most_common(KEYS)}
    kept = [link for link in every if link[1] in keys]
    accounts = {account for account, _ in Counter(account for account, _, _ in kept).most_common(ACCOUNTS)}
    return sorted((link for link in kept if link[0] in accounts), key=lambda link: link[:2])


def _place(at: int, count: int, height: int) -> float:
    return 6 + (height - 12) * (at + 0.5) / count


def _edge(names: list[str]) -> int:
    """Room for the longest name beside its dot."""
    return LETTER * min(max(map(len, names)), LABEL) + 18


def _node(x: int, y: float, words: str, kind: str, outward: int) -> str:
    """A dot with its name on the outer side, -1 for the left."""
    side = "end" if outward < 0 else ""
    return (
        f'<g class="node"><title>{escaped(words, 200)}</title><circle class="{kind}" cx="{x}" cy="{y:.0f}" r="4"/>'
        f'<text class="axis {side}" x="{x + 9 * outward}" y="{y + 4:.0f}">{escaped(words, LABEL)}</text></g>'
    )
