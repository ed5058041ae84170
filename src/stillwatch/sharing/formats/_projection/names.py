"""Ids and times: the same view has the same ids each time, and no two recipients' objects have one in common.

STIX asks that one id at one time has one content. What two recipients get of a finding differs, so their ids do.
"""

from uuid import UUID

from stillwatch.records import rfc3339
from stillwatch.sharing.finding.build import uuid_from
from stillwatch.sharing.finding.view import View


def uuid_of(view: View, *parts: str) -> UUID:
    """Of a thing within a recipient's view."""
    return uuid_from("/".join((view.recipient, view.finding.finding_id, *parts)))


def producer_uuid(view: View) -> UUID:
    """Of the organisation that releases: the same for all recipients."""
    return uuid_from(f"producer/{view.producer.name}")


def time_text(micros: int) -> str:
    """To the millisecond, as STIX has it."""
    return rfc3339(micros)[:-4] + "Z"


def day_text(micros: int) -> str:
    return rfc3339(micros)[:10]


def slug(view: View) -> str:
    """What the files of a view are called."""
    return str(uuid_of(view, "files"))
