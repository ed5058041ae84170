"""A finding from the findings of a run: each figure by its query, and what only a person may say from a person."""

from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from stillwatch.records import UnreadableInput
from stillwatch.sharing.finding.folder import Folder, Result
from stillwatch.sharing.finding.model import (
    AccountNetworkProvider,
    Campaign,
    CapabilityHaul,
    CapabilityShare,
    Cluster,
    ComputeInterval,
    ErrorBound,
    Evidence,
    Figure,
    Finding,
    Indicator,
    MarkEvidence,
    MatchToken,
    ModelShare,
    ModelSwitch,
    Operator,
    Remark,
    TemplateSketch,
)
from stillwatch.sharing.finding.words import Action, IndicatorKind, Status, Tlp

if TYPE_CHECKING:
    from collections.abc import Sequence

HARMLESS = (
    0.01  # share of other accounts, as the usual false discovery rate: above it a receiver only watches
)


class Stated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people add to the figures. Tokens are not among it: a person could write an account where a token stands."""

    operators: list[Operator] = []
    providers: list[AccountNetworkProvider] = []
    remarks: list[Remark] = []
    mark_evidence: MarkEvidence | None = None


class Said(Stated, frozen=True, forbid_unknown_fields=True):
    """With what other parts of the room add."""

    compute: ComputeInterval | None = None
    account_tokens: list[MatchToken] = []
    match_tokens: list[MatchToken] = []
    template_sketches: list[TemplateSketch] = []


def build_finding(
    folder: Folder,
    campaign_id: str,
    *,
    status: Status = "open",
    tlp: Tlp = "amber",
    said: Said | None = None,
    case_id: str | None = None,
) -> Finding:
    """The finding of a campaign. With a case its id stays the same from run to run.

    Raises UnreadableInput where the findings hold what the model cannot say.
    """
    first, last, detected, active = folder.times(campaign_id)

    def one(name: str) -> Figure:
        result = folder.run(name, campaign_id)
        return Figure(value=result.value, query=result.query, result_sha256=result.sha256)

    def shares(name: str) -> list[tuple[object, Figure]]:
        found = folder.run(name, campaign_id)
        return [(row[0], _figure(found, row[1])) for row in found.rows]

    more = said or Said()
    finding = Finding(
        finding_id=str(uuid_from(f"case/{case_id}" if case_id else f"finding/{folder.digest}/{campaign_id}")),
        status=status,
        tlp=tlp,
        run=folder.digest,
        created=detected,
        campaign=Campaign(first_seen=first, last_seen=last, detected_at=detected, active=active),
        cluster=Cluster(
            accounts=one("account_count"),
            concurrent=one("concurrent_accounts"),
            benign_share=one("benign_share"),
        ),
        haul=CapabilityHaul(
            exchanges=one("exchange_count"),
            tokens_in=one("tokens_in"),
            tokens_out=one("tokens_out"),
            capabilities=[
                CapabilityShare(capability=name, share=share)  # type: ignore[arg-type] # checked below
                for name, share in shares("capability_mix")
            ],
        ),
        models=[
            ModelShare(model=name, share=share)  # type: ignore[arg-type] # checked below
            for name, share in shares("models_targeted")
        ],
        model_switches=_switches(folder.run("model_switches", campaign_id)),
        error=ErrorBound(log_e_value=one("log_e_value"), fdr=one("fdr")),
        detection_latency_s=one("detection_latency"),
        indicators=_indicators(folder, campaign_id) if folder.has_log else [],
        evidence=_evidence(folder.run("evidence", campaign_id)),
        **{name: getattr(more, name) for name in Said.__struct_fields__},
    )
    return checked(finding)


def uuid_from(name: str) -> UUID:
    """The same id for the same name, in the form of version 4, which STIX asks of objects: its bits are those of a hash."""
    return UUID(bytes=sha256(f"stillwatch sharing/{name}".encode()).digest()[:16], version=4)


def checked(finding: Finding) -> Finding:
    """The finding, with every text and number of the form that the model asks for."""
    try:
        found = msgspec.convert(msgspec.to_builtins(finding), Finding)
    except msgspec.ValidationError as error:
        raise UnreadableInput(f"the findings hold what cannot be shared: {error}") from error
    named = (
        [one.name for one in found.operators],
        [one.name for one in found.providers],
        [(one.kind, one.value) for one in found.indicators],
    )
    if any(len(set(names)) < len(names) for names in named):
        raise UnreadableInput("an operator, a provider or an indicator stands twice in the finding")
    return found


def _figure(found: Result, value: object) -> Figure:
    assert isinstance(value, (int, float))  # the queries say so
    return Figure(value=value, query=found.query, result_sha256=found.sha256)


def _switches(found: Result) -> list[ModelSwitch]:
    return [
        ModelSwitch(at=at, origin=origin, target=target, query=found.query)  # type: ignore[arg-type] # checked later
        for at, origin, target in found.rows
    ]


def _evidence(found: Result) -> list[Evidence]:
    return [
        Evidence(
            detector=str(detector).replace(" ", "_"),
            value=value,  # type: ignore[arg-type] # checked later
            expected_if_benign=expected,  # type: ignore[arg-type] # checked later
            strength=strength,  # type: ignore[arg-type] # checked later
            query=found.query,
            result_sha256=found.sha256,
        )
        for detector, value, expected, strength in found.rows
    ]


def _indicators(folder: Folder, campaign_id: str) -> list[Indicator]:
    """What members share and a receiver can look for."""
    kinds: Sequence[tuple[IndicatorKind, str]] = (("asn", "network_indicators"), ("ja4", "client_indicators"))
    out: list[Indicator] = []
    for kind, name in kinds:
        found = folder.run(name, campaign_id)
        out += [
            Indicator(
                kind=kind,
                value=value,  # type: ignore[arg-type] # checked later
                accounts=accounts,  # type: ignore[arg-type] # checked later
                benign_share=benign,  # type: ignore[arg-type] # checked later
                max_action=most(benign),
                query=found.query,
            )
            for value, accounts, benign in found.rows
        ]
    return out


def most(benign_share: object) -> Action:
    """What a receiver may do at most on an indicator alone: on infrastructure that others share, never a block."""
    assert isinstance(benign_share, (int, float))
    return "step_up" if benign_share <= HARMLESS else "watch"
