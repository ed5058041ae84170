"""Everything the room offers, in one place."""

from stillwatch.cases.appeals import (
    AppealCounts,
    AppealOutcome,
    Contested,
    contest,
    count_appeals,
    excused,
    list_appeals,
    settle_appeal,
)
from stillwatch.cases.audit import append_many, prove, prove_consistency, sign
from stillwatch.cases.audit_records import Appeal, Inclusion, Line
from stillwatch.cases.campaign_view import CampaignLine, Followed, get_campaign, list_campaigns
from stillwatch.cases.case_records import Account, Accused, Case, Held, Page, Summary
from stillwatch.cases.challenge_records import AskedOf
from stillwatch.cases.challenges import asked_of, keep_challenge, list_challenges
from stillwatch.cases.checkpoint import opened, origin_of, public_of, verifier_key
from stillwatch.cases.clearing import Clearing, cleared
from stillwatch.cases.decisions import CONTEST, Recorded, appeal, record_decisions
from stillwatch.cases.entry import Draft, Entry
from stillwatch.cases.evidence import Evidence, growth, weighed
from stillwatch.cases.exported import export, list_entries, news, signed, stored_lines
from stillwatch.cases.grouping import merge, split
from stillwatch.cases.happened import Happened, decided, history
from stillwatch.cases.intake import Intake, upsert_findings
from stillwatch.cases.lifecycle import NEXT, State, assign, clear, close, confirm, dismiss, note, reopen
from stillwatch.cases.marked import Marked, list_marked
from stillwatch.cases.merkle import consistent, includes
from stillwatch.cases.retention import Purged, purge, redact
from stillwatch.cases.store import Store, Tenant, open_store
from stillwatch.cases.tokens import (
    SCOPES,
    Scope,
    Token,
    add_token,
    find_token,
    has_tokens,
    list_tokens,
    revoke_token,
)
from stillwatch.cases.verify import Outcome, verify_appeal, verify_file, verify_lines
from stillwatch.cases.view import accused, get_case, list_accounts, list_cases

__all__ = [
    "CONTEST",
    "NEXT",
    "SCOPES",
    "Account",
    "Accused",
    "Appeal",
    "AppealCounts",
    "AppealOutcome",
    "AskedOf",
    "CampaignLine",
    "Case",
    "Clearing",
    "Contested",
    "Draft",
    "Entry",
    "Evidence",
    "Followed",
    "Happened",
    "Held",
    "Inclusion",
    "Intake",
    "Line",
    "Marked",
    "Outcome",
    "Page",
    "Purged",
    "Recorded",
    "Scope",
    "State",
    "Store",
    "Summary",
    "Tenant",
    "Token",
    "accused",
    "add_token",
    "appeal",
    "append_many",
    "asked_of",
    "assign",
    "clear",
    "cleared",
    "close",
    "confirm",
    "consistent",
    "contest",
    "count_appeals",
    "decided",
    "dismiss",
    "excused",
    "export",
    "find_token",
    "get_campaign",
    "get_case",
    "growth",
    "has_tokens",
    "history",
    "includes",
    "keep_challenge",
    "list_accounts",
    "list_appeals",
    "list_campaigns",
    "list_cases",
    "list_challenges",
    "list_entries",
    "list_marked",
    "list_tokens",
    "merge",
    "news",
    "note",
    "open_store",
    "opened",
    "origin_of",
    "prove",
    "prove_consistency",
    "public_of",
    "purge",
    "record_decisions",
    "redact",
    "reopen",
    "revoke_token",
    "settle_appeal",
    "sign",
    "signed",
    "split",
    "stored_lines",
    "upsert_findings",
    "verifier_key",
    "verify_appeal",
    "verify_file",
    "verify_lines",
    "weighed",
]
