"""The release gate: what leaves is a view, signed, and written in the audit before it goes; refusals are written as well.

A revocation is a release of the same view that says it no longer holds; formats mark their objects as revoked.
"""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256

import msgspec

from stillwatch.cases.api import Draft, Tenant, append_many
from stillwatch.cases.audit import read_entries
from stillwatch.cases.entry import Leaf, read
from stillwatch.cases.schema import entries
from stillwatch.records import Micros, NotThere, StillwatchError, UsageError
from stillwatch.sharing.finding.model import Finding
from stillwatch.sharing.finding.policy import Recipient, ReleasePolicy
from stillwatch.sharing.finding.signature import ReleaseKey, canonical, sign
from stillwatch.sharing.finding.view import Dropped, Keys, Shown, View, view_for
from stillwatch.sharing.finding.words import rank

RELEASED, REFUSED, REVOKED = "finding_released", "finding_refused", "finding_revoked"
SIGNATURE = ".jws"  # at the end of the name of a signature's file
EMPTY = "nothing of the finding may leave to this recipient"


class Refused(UsageError):
    """A release that the gate stops."""


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """What left or leaves: the files of each format, and the signature of each."""

    view: View
    dropped: list[Dropped]
    files: dict[str, bytes]


Project = Callable[[View], Mapping[str, bytes]]
"""From a view to files by name; every format is one."""


class Gate:
    """One organisation's gate. `by` is the person who releases; `case_id` the case that entries belong to."""

    def __init__(
        self,
        tenant: Tenant,
        policy: ReleasePolicy,
        key: ReleaseKey,
        keys: Keys,
        *,
        by: str,
        case_id: str | None = None,
    ) -> None:
        if not by.strip():
            raise UsageError("a release needs the name of the person who makes it")
        self._tenant = tenant
        self._policy = policy
        self._key = key
        self._keys = keys
        self._by = by
        self._case_id = case_id

    def release(self, finding: Finding, recipient: str, project: Project, *, reason: str) -> Release:
        """Make, sign and record what `recipient` gets. Raises Refused, ExpiredKey or what a format raises; all are recorded."""

        def make() -> Release:
            shown = view_for(finding, self._policy, recipient, at=self._tenant.clock(), keys=self._keys)
            against = barred(finding, self._policy.recipient(recipient), shown)
            if against is not None:
                raise Refused(against)
            return self._signed(shown, project)

        return self._recorded(finding.finding_id, recipient, reason, RELEASED, make)

    def revoke(self, view: View, project: Project, *, reason: str) -> Release:
        """Say that what a recipient got no longer holds: the same objects, taken back. Raises NotThere if it never got it."""
        if not self.was_released(view.finding.finding_id, view.recipient):
            raise NotThere(f"finding {view.finding.finding_id} was never released to {view.recipient}")
        back = msgspec.structs.replace(view, revoked_at=self._tenant.clock())

        def make() -> Release:
            return self._signed(Shown(back, []), project)

        return self._recorded(view.finding.finding_id, view.recipient, reason, REVOKED, make)

    def was_released(self, finding_id: str, recipient: str) -> bool:
        """Whether the audit says that the recipient has got the finding."""
        return any(
            leaf.facts.get("finding_id") == finding_id and leaf.facts.get("recipient") == recipient
            for leaf in self._released()
        )

    def _released(self) -> Iterator[Leaf]:
        """The audit's entries of releases."""
        said = entries.c.leaf.contains(f'"kind":"{RELEASED}"', autoescape=True)
        with self._tenant.reading() as connection:
            for entry in read_entries(self._tenant, connection, said):
                yield read(entry)

    def _recorded(
        self, finding_id: str, recipient: str, reason: str, kind: str, make: Callable[[], Release]
    ) -> Release:
        """What `make` gives, once it is in the audit; what it refuses is there as well."""
        if not reason.strip():
            raise UsageError("say why: a reason cannot be empty")
        facts: dict[str, object] = {
            "finding_id": finding_id,
            "recipient": recipient,
            "policy_sha256": self._policy.sha256,
            "kid": self._key.kid,
        }
        try:
            release = make()
        except StillwatchError as error:
            self._record(REFUSED, facts | {"because": type(error).__name__}, f"{reason} [{error}]")
            raise
        facts |= {
            "tlp": release.view.tlp,
            "valid_until": release.view.valid_until,
            "fields": [one.field for one in release.view.kept],
            "dropped": [one.field for one in release.dropped],
            "files": {
                name: sha256(data).hexdigest()
                for name, data in release.files.items()
                if not name.endswith(SIGNATURE)
            },
        }
        self._record(kind, facts, reason)
        return release

    def _signed(self, shown: Shown, project: Project) -> Release:
        """The files, each with its signature beside it: of JSON over its canonical form, else over its bytes."""
        files = dict(project(shown.view))
        for name, data in list(files.items()):
            jws = sign(signed_bytes(name, data), self._key, Micros(shown.view.modified))
            files[f"{name}{SIGNATURE}"] = jws.encode() + b"\n"
        return Release(view=shown.view, dropped=shown.dropped, files=files)

    def _record(self, kind: str, facts: Mapping[str, object], reason: str) -> None:
        draft = Draft(kind=kind, by=self._by, case_id=self._case_id, facts=facts, text=reason)
        with self._tenant.writing() as connection:
            append_many(self._tenant, connection, [draft])


def barred(finding: Finding, recipient: Recipient, shown: Shown) -> str | None:
    """Why the whole finding may not leave to a recipient, if so."""
    if rank(finding.tlp) > rank(recipient.clearance):
        held = f"{recipient.id} may hold TLP:{recipient.clearance.upper()} at most"
        return f"the finding is TLP:{finding.tlp.upper()} and {held}"
    return None if shown.view.kept else EMPTY


def signed_bytes(name: str, data: bytes) -> bytes:
    """What is signed of a file: of JSON its canonical form, so that rewriting it does not break the signature."""
    return canonical(msgspec.json.decode(data)) if name.endswith(".json") else data
