"""Everything the room offers, in one place."""

from stillwatch.sharing.finding.build import Said, build_finding, checked, uuid_from
from stillwatch.sharing.finding.fields import FIELDS, TRANSFORMS
from stillwatch.sharing.finding.folder import Folder, Result
from stillwatch.sharing.finding.gate import Gate, Project, Refused, Release, signed_bytes
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
    Producer,
    Provenance,
    Remark,
    TemplateSketch,
)
from stillwatch.sharing.finding.policy import ReleasePolicy, load_policy, parse_policy
from stillwatch.sharing.finding.queries import QUERIES, Query
from stillwatch.sharing.finding.said import read_said
from stillwatch.sharing.finding.signature import (
    KEY_FILE,
    ExpiredKey,
    NotGenuine,
    PublicKey,
    ReleaseKey,
    canonical,
    load_key,
    new_key,
    sign,
    verify,
)
from stillwatch.sharing.finding.standing import Standing, standing_of
from stillwatch.sharing.finding.tokens import account_tokens, epoch_of, release_keys
from stillwatch.sharing.finding.view import Dropped, Kept, Keys, Shown, View, view_for
from stillwatch.sharing.finding.words import ACTIONS, LIKELIHOODS, TLPS, Tlp

__all__ = [
    "ACTIONS", "FIELDS", "KEY_FILE", "LIKELIHOODS", "QUERIES", "TLPS", "TRANSFORMS",
    "AccountNetworkProvider", "Campaign", "CapabilityHaul", "CapabilityShare", "Cluster", "ComputeInterval", "Dropped",
    "ErrorBound", "Evidence", "ExpiredKey", "Figure", "Finding", "Folder", "Gate", "Indicator", "Kept", "Keys",
    "MarkEvidence", "MatchToken", "ModelShare", "ModelSwitch", "NotGenuine", "Operator", "Producer", "Project",
    "Provenance", "PublicKey", "Query", "Refused", "Release", "ReleaseKey", "ReleasePolicy", "Remark", "Result", "Said",
    "Shown", "Standing", "TemplateSketch", "Tlp", "View", "account_tokens", "build_finding", "canonical", "checked", "epoch_of",
    "load_policy", "load_key", "new_key", "parse_policy", "read_said", "release_keys", "sign", "signed_bytes", "standing_of", "uuid_from", "verify",
    "view_for",
]
