"""Everything the room offers, in one place."""

from stillwatch.cases.audit import append_many, prove, prove_consistency, sign
from stillwatch.cases.audit_records import Appeal, Inclusion, Line
from stillwatch.cases.case_records import Account, Accused, Case, Held, Page, Summary
from stillwatch.cases.checkpoint import opened, origin_of, public_of, verifier_key
from stillwatch.cases.clearing import Clearing, cleared
from stillwatch.cases.decisions import CONTEST, Recorded, appeal, record_decisions
from stillwatch.cases.entry import Draft, Entry
from stillwatch.cases.evidence import Evidence, growth, weighed
from stillwatch.cases.exported import export, signed, stored_lines
from stillwatch.cases.grouping import merge, split
from stillwatch.cases.happened import Happened, history
from stillwatch.cases.intake import Intake, upsert_findings
from stillwatch.cases.lifecycle import NEXT, State, assign, clear, close, confirm, dismiss, note, reopen
from stillwatch.cases.merkle import consistent, includes
from stillwatch.cases.retention import Purged, purge, redact
from stillwatch.cases.store import Store, Tenant, open_store
from stillwatch.cases.verify import Outcome, verify_appeal, verify_file, verify_lines
from stillwatch.cases.view import accused, get_case, list_accounts, list_cases

__all__ = [
    "CONTEST",
    "NEXT",
    "Account",
    "Accused",
    "Appeal",
    "Case",
    "Clearing",
    "Draft",
    "Entry",
    "Evidence",
    "Happened",
    "Held",
    "Inclusion",
    "Intake",
    "Line",
    "Outcome",
    "Page",
    "Purged",
    "Recorded",
    "State",
    "Store",
    "Summary",
    "Tenant",
    "accused",
    "appeal",
    "append_many",
    "assign",
    "clear",
    "cleared",
    "close",
    "confirm",
    "consistent",
    "dismiss",
    "export",
    "get_case",
    "growth",
    "history",
    "includes",
    "list_accounts",
    "list_cases",
    "merge",
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
