"""The shared finding: the one model that every format is a projection of.

It has no place for a prompt, an answer or a customer: accounts are counted or stand as tokens, and every text is of a
closed form (see `words`). Every figure names the query that makes it again from the findings of the run.
"""

import msgspec

from stillwatch.sharing.finding.words import (
    Action,
    Amount,
    Basis,
    Capability,
    Confidence,
    Count,
    FindingId,
    Hash,
    IndicatorKind,
    Likelihood,
    Name,
    QueryId,
    Share,
    Statement,
    Status,
    Time,
    Tlp,
    Token,
)

TOKEN_DIGITS = 32  # hexadecimal digits of one token in a sketch: 16 bytes


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Of a finding; what is not known here is refused when it is read."""


class Figure(Part, frozen=True):
    """A number with its query. A bucketed one says [value, below), and no hash, since that of a small number is no secret."""

    value: Count | Amount
    query: QueryId
    below: Count | Amount | None = None
    result_sha256: Hash | None = None  # of the query's result in canonical JSON


class Provenance(Part, frozen=True):
    """Who says so, since when and on what."""

    person: Name
    at: Time
    basis: Basis
    statement: Statement


class Operator(Part, frozen=True):
    """Who benefits from a campaign. Entered by a person, never by the machine."""

    name: Statement
    likelihood: Likelihood
    confidence: Confidence
    provenance: Provenance


class AccountNetworkProvider(Part, frozen=True):
    """Who sells the accounts or the way in. Not the operator, and believed or doubted apart from it."""

    name: Statement
    likelihood: Likelihood
    confidence: Confidence
    provenance: Provenance


class Remark(Part, frozen=True):
    """What a person adds for those who get the finding."""

    statement: Statement
    person: Name
    at: Time


class Campaign(Part, frozen=True):
    """When the campaign was seen, and when its alarm was raised. Times may be bucketed to days."""

    first_seen: Time
    last_seen: Time
    detected_at: Time
    active: bool


class Cluster(Part, frozen=True):
    """The accounts of a campaign, as counts; `benign_share` of what they sent was judged to be somebody else's work."""

    accounts: Figure | None = None
    concurrent: Figure | None = None
    benign_share: Figure | None = None


class CapabilityShare(Part, frozen=True):
    """Of the attributed exchanges."""

    capability: Capability
    share: Figure


class ModelShare(Part, frozen=True):
    """Of the attributed exchanges."""

    model: Name
    share: Figure


class ModelSwitch(Part, frozen=True):
    """From when on a campaign took much from a model that it had hardly asked before; `origin` led until then."""

    at: Time
    origin: Name
    target: Name
    query: QueryId


class CapabilityHaul(Part, frozen=True):
    """What was taken."""

    exchanges: Figure | None = None
    tokens_in: Figure | None = None
    tokens_out: Figure | None = None
    capabilities: list[CapabilityShare] = []


class ComputeInterval(Part, frozen=True):
    """Training compute that the haul feeds or displaces, in H100-hours unless `unit` says otherwise."""

    p10: Amount
    p50: Amount
    p90: Amount
    method: Name
    unit: Name = "H100-hours"
    query: QueryId | None = None


class TemplateSketch(Part, frozen=True):
    """A sketch of texts that at least `k` accounts sent: `value` is tokens of runs of words, one after another.

    `alg` begins with `oprf-`, since the tokens were made by a function that nobody can enumerate.
    """

    alg: Name
    key_epoch: Name
    value: Token
    k: Count

    @property
    def tokens(self) -> list[str]:
        return [self.value[at : at + TOKEN_DIGITS] for at in range(0, len(self.value), TOKEN_DIGITS)]


class MatchToken(Part, frozen=True):
    """A token. `suite` is one of RFC 9497 where members find by it what they have in common and nobody can enumerate."""

    suite: Name
    key_id: Name
    value: Token


class Indicator(Part, frozen=True):
    """What a receiver can look for, with what it costs others: `benign_share` of the accounts it meets are no members."""

    kind: IndicatorKind
    value: Name
    accounts: Count  # members it meets
    benign_share: Share
    max_action: Action
    query: QueryId


class Evidence(Part, frozen=True):
    """One line of the verdict: what a detector measured, what it expects of benign groups, and the weight in nats."""

    detector: Name
    value: Amount | None
    expected_if_benign: Amount | None
    strength: Amount
    query: QueryId
    result_sha256: Hash


class MarkEvidence(Part, frozen=True):
    """That marked outputs were found again, and how likely that is by chance."""

    scheme: Name
    p_value: Share
    tested: Count


class ErrorBound(Part, frozen=True):
    """How sure the verdict is: log e-value in nats, and the false discovery rate it is reported at."""

    log_e_value: Figure
    fdr: Figure


class Producer(Part, frozen=True):
    """The organisation that releases findings."""

    name: Statement
    contact: Statement | None = None


class Finding(Part, frozen=True):
    """One campaign, as one organisation may tell others of it. Fields that a view leaves out are None or empty."""

    finding_id: FindingId
    status: Status
    tlp: Tlp  # at least this narrow
    run: Name  # digest of the findings that the figures come from
    created: Time
    campaign: Campaign | None = None
    cluster: Cluster | None = None
    haul: CapabilityHaul | None = None
    models: list[ModelShare] = []
    model_switches: list[ModelSwitch] = []
    error: ErrorBound | None = None
    detection_latency_s: Figure | None = None
    operators: list[Operator] = []
    providers: list[AccountNetworkProvider] = []
    compute: ComputeInterval | None = None
    mark_evidence: MarkEvidence | None = None
    indicators: list[Indicator] = []
    account_tokens: list[MatchToken] = []
    match_tokens: list[MatchToken] = []
    template_sketches: list[TemplateSketch] = []
    evidence: list[Evidence] = []
    remarks: list[Remark] = []
