"""The two pages of a brief: what was found, who, how much, what was done, what is asked, and what is not known."""

from stillwatch.records import Campaign
from stillwatch.sharing.brief.figures import day, escaped
from stillwatch.sharing.brief.reference import chips, thresholds
from stillwatch.sharing.brief.statement import Assessment
from stillwatch.sharing.brief.writing import Writing, heads, listed, ranged, section, table

SHOWN = 8  # campaigns in the table of the first page; the rest stand in the annex
TAKES = 3  # capabilities named
ASKS = {
    "public": "Nothing is asked of the reader.",
    "partner": "Compare the indicators shared beside this brief with your own traffic, say what you see and do not see, "
    "and treat shared infrastructure as used by innocents too.",
    "authority": "Take note; say whether this matches what you hold, and whom to tell when it changes.",
}
CHANGES = {
    "case_confirmed": "confirmed by a person",
    "case_dismissed": "dismissed by a person",
    "case_closed": "closed",
    "case_reopened": "opened again",
}


def bottom_line(writing: Writing) -> str:
    material, figure = writing.material, writing.figure
    if not material.campaigns:
        sentences = [
            f"No campaign was found in {figure('log.exchanges')} exchanges of {figure('log.accounts')} accounts.",
            (
                f"{figure('log.groups')} linked groups of accounts were tested, at a false discovery rate of "
                f"{figure('log.fdr')}."
            ),
            "That none was found does not show that none is there.",
        ]
    else:
        live = (
            f", {figure('total.live')} of them active at the end of the log"
            if any(one.active for one in material.campaigns)
            else ", none of them active at the end of the log"
        )
        sentences = [
            (
                f"{figure('total.campaigns')} campaign{'s' if len(material.campaigns) > 1 else ''} of accounts under common "
                f"control, {figure('total.accounts')} accounts in all, made {figure('total.exchanges')} exchanges since "
                f"{figure('total.first_seen')}{live}."
            ),
            (
                f"They took {_haul(writing)}, most of all {_takes(writing, 'total', 1)}, enough for "
                f"{ranged(writing, 'fed')} operations of training."
            ),
            f"{_who(writing)}; of campaigns reported this way at most {figure('log.fdr')} are expected to be benign.",
        ]
    return section("bottom", "Bottom line", f'<p class="lead">{" ".join(sentences)}</p>')


def _who(writing: Writing) -> str:
    stated = writing.material.statement.beneficiary
    if not stated:
        return "Who benefits is not assessed"
    if any(writing.audience.may_see(one.marking) for one in stated):
        return "Who benefits was assessed by people, as said below"
    return "Who benefits was assessed by people, and is not for these readers"


def _haul(writing: Writing) -> str:
    if writing.material.haul.tokens is None:
        return "answers whose tokens the log does not count"
    return f"{writing.figure('total.tokens_out')} tokens"


def _takes(writing: Writing, at: str, count: int) -> str:
    prefix = f"{at}.capability."
    names = [query.removeprefix(prefix) for query in writing.queries if query.startswith(prefix)]
    shares = [f"{name.replace('_', ' ')} ({writing.figure(prefix + name)})" for name in names[:count]]
    return listed(shares) or "what is not known"


def campaigns(writing: Writing) -> str:
    found = list(enumerate(writing.material.campaigns, 1))
    if not found:
        return ""
    rest = "" if len(found) <= SHOWN else "<p>The annex has the other campaigns.</p>"
    return section("campaigns", "Campaigns", campaign_table(writing, found[:SHOWN]) + rest)


def campaign_table(writing: Writing, found: list[tuple[int, Campaign]]) -> str:
    head = heads(
        "Campaign", "Accounts", "Exchanges", "Tokens taken", "Takes", "First seen", "Last seen", "Live?"
    )
    rows = [_row(writing, number, one) for number, one in found]
    return table(head, rows, "Campaigns, with what they took and when")


def _row(writing: Writing, number: int, one: Campaign) -> str:
    at, figure = f"campaign.{number}", writing.figure
    cells = [figure(f"{at}.{name}") for name in ("accounts", "exchanges", "tokens_out")]
    numbers = "".join(f'<td class="number">{cell}</td>' for cell in cells)
    days = "".join(f"<td>{figure(f'{at}.{name}')}</td>" for name in ("first_seen", "last_seen"))
    live = "yes" if one.active else "no"
    return (
        f'<tr><th scope="row">{writing.label(number, one)}</th>{numbers}<td>{_takes(writing, at, 2)}</td>'
        f"{days}<td>{live}</td></tr>"
    )


def taken(writing: Writing) -> str:
    material = writing.material
    if not material.campaigns:
        return ""
    text = f"<p>Taken: {_takes(writing, 'total', TAKES)}.{_models(writing)}</p>"
    return section("taken", "Capability", text)


def _models(writing: Writing) -> str:
    """Names of models are a provider's own, or a customer's: not for the public."""
    if not writing.audience.exact:
        return ""
    names = dict.fromkeys(share.name for one in writing.material.campaigns for share in one.models)
    shown = [f'<bdi class="name">{escaped(name, 60)}</bdi>' for name in list(names)[:TAKES]]
    return f" Asked for: {listed(shown)}." if shown else ""


def people(writing: Writing) -> str:
    stated = writing.material.statement
    return section(
        "who",
        "Who benefits, and who provides the accounts",
        f"<dl><dt>Beneficiary</dt><dd>{_assessed(writing, stated.beneficiary)}</dd>"
        f"<dt>Provider of the accounts</dt><dd>{_assessed(writing, stated.provider)}</dd></dl>",
    )


def _assessed(writing: Writing, stated: list[Assessment]) -> str:
    if not stated:
        return "Not assessed."
    allowed = [one for one in stated if writing.audience.may_see(one.marking)]
    if not allowed:
        return "Assessed; not for these readers."
    return " ".join(_judged(writing, one) for one in allowed)


def _judged(writing: Writing, one: Assessment) -> str:
    slug = one.likelihood.replace(" ", "-")
    low, high = (writing.figure(f"words.{slug}.{end}") for end in ("low", "high"))
    return (
        f'<span class="stated"><bdi>{escaped(one.name, 120)}</bdi>: {one.likelihood}</span> ({low} to {high}), '
        f'{one.confidence} confidence. <span class="stated">{escaped(one.basis)}</span> Stated by '
        f'<span class="stated">{escaped(one.by, 120)}</span> on <time>{one.on.isoformat()}</time>.'
    )


def training(writing: Writing) -> str:
    """The haul in tokens, what it feeds and displaces, in which chips, and against which thresholds."""
    if not writing.material.campaigns:
        return ""
    figure = writing.figure
    counted = writing.material.haul.tokens is not None
    basis = f"Of {_haul(writing)} ({figure('total.tokens_in')} sent)" if counted else "Of its exchanges"
    text = (
        f"<p>{basis}, {ranged(writing, 'kept')} tokens are trained on. This feeds {ranged(writing, 'fed')} operations of "
        f"training and displaces {ranged(writing, 'sampling')} of sampling from a model of one's own. To have such a "
        f"model at all takes {ranged(writing, 'teacher')} of reinforcement learning, once, however small the haul.</p>"
    )
    hours = [
        f'<tr><th scope="row"><cite>{chip.name}</cite></th><td>{ranged(writing, f"fed.{chip.id}")}</td>'
        f"<td>{ranged(writing, f'displaced.{chip.id}')}</td></tr>"
        for chip in chips().values()
    ]
    chip_table = table(heads("Chip", "Training fed", "Sampling displaced"), hours, "Chip-hours")
    return section("training", "Haul and training compute", text + chip_table + _thresholds(writing))


def _thresholds(writing: Writing) -> str:
    rows = [
        f'<tr><th scope="row"><cite>{escaped(row.name)}</cite></th><td>{writing.figure(f"threshold.{row.id}")}</td>'
        f"<td>{writing.figure(f'compute.of.{row.id}.p50')} ({writing.figure(f'compute.of.{row.id}.p90')})</td>"
        f"<td><cite>{escaped(row.state)}; {row.status}</cite></td></tr>"
        for row in thresholds()
    ]
    head = heads(
        "Rule",
        "Threshold",
        "Fed / threshold, <abbr>P50</abbr> (<abbr>P90</abbr>)",
        "State; how far confirmed",
    )
    note = (
        "<p>Thresholds count all training of a model, and most of it comes before a student is tuned: a small part here "
        "does not put a student below one.</p>"
    )
    return table(head, rows, "Against published thresholds, in operations") + note


def done(writing: Writing) -> str:
    doings, figure = writing.material.doings, writing.figure
    if doings is None:
        return section("done", "What was done", "<p>No case was given with this brief.</p>")
    changes = [f"{CHANGES[kind]} {writing.on} {day(ts, writing.audience)}" for ts, kind in doings.changes]
    steps = [f"{step.replace('_', ' ')} ({figure(f'done.{step}')})" for step in doings.steps]
    sentences = [
        f"The case was opened {writing.on} {figure('done.opened')} and is {doings.state}; {figure('done.reviewers')} people reviewed it.",
        *([f"It was {listed(changes)}."] if changes else []),
        f"Calls were met with {listed(steps)}." if steps else "No gateway acted on it.",
    ]
    return section("done", "What was done", f"<p>{' '.join(sentences)}</p>")


def asked(writing: Writing) -> str:
    stated = writing.material.statement
    asks = [escaped(one.text) for one in stated.ask if writing.audience.may_see(one.marking)]
    lines = "".join(f'<li class="stated">{one}</li>' for one in asks)
    text = f"<ul>{lines}</ul>" if asks else f"<p>{ASKS[writing.audience.name]}</p>"
    if stated.contact:
        text += f'<p>Contact: <span class="stated">{escaped(stated.contact, 200)}</span></p>'
    return section("asked", "What is asked", text)


def limits(writing: Writing) -> str:
    material, figure = writing.material, writing.figure
    lines = [f"Tests left out, at least in part, for want of a field in the log: {figure('log.unseen')}."]
    if material.campaigns:
        lines += [
            (
                f"Of the accounts named, {figure('total.others')} are expected to be somebody else's; of the campaigns, at "
                f"most {figure('log.fdr')} are expected to be benign. An account may carry real customers beside the campaign."
            ),
            (
                "What is taken is seen; what is done with it is not. The compute is what such a haul can feed, not what "
                "somebody did."
            ),
        ]
        if material.disagreements:
            lines.append(
                f"In {figure('total.disagreements')} campaigns the stated counts are not those of the rows; the rows count."
            )
    else:
        lines.append("A campaign that is too small, too young or hidden by these gaps would not be seen.")
    return section("limits", "Limits", "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>")
