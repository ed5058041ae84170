"""The frame of an OCSF Detection Finding (class 2004, schema 1.8.0): what every such event of Stillwatch has alike.

Alarms and shared findings fill it; both are events about one campaign, which is the finding.
"""

from collections.abc import Mapping, Sequence

from stillwatch.records.product import NAME, VENDOR, VERSION
from stillwatch.records.wire import Micros

SCHEMA = "1.8.0"
CLASS = 2004
CREATE, UPDATE, CLOSE = (1, "Create"), (2, "Update"), (3, "Close")
STATISTICAL = 3  # analytic.type_id
SEVERITIES = {1: "Informational", 3: "Medium", 4: "High"}

Json = Mapping[str, "str | int | float | bool | Json | Sequence[str] | Sequence[Json] | None"]


def detection_finding(
    *,
    activity: tuple[int, str],
    time: Micros,
    severity: int,
    is_alert: bool,
    message: str,
    metadata: Json,
    finding_info: Json,
    more: Json,
) -> Json:
    """The event, with every attribute the class requires. Times are milliseconds, as OCSF has them."""
    number, name = activity
    return {
        "activity_id": number,
        "activity_name": name,
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": CLASS,
        "class_name": "Detection Finding",
        "type_uid": CLASS * 100 + number,
        "type_name": f"Detection Finding: {name}",
        "time": time // 1000,
        "severity_id": severity,
        "severity": SEVERITIES[severity],
        "is_alert": is_alert,
        "message": message,
        "metadata": metadata,
        "finding_info": finding_info,
        **more,
    }


def product_metadata(uid: str) -> Json:
    """`metadata` of an event by its id; add to it what else is known."""
    product = {"name": NAME, "vendor_name": VENDOR, "version": VERSION}
    return {"version": SCHEMA, "uid": uid, "product": product}


def campaign_info(*, uid: str, title: str, description: str, types: Sequence[str]) -> Json:
    """`finding_info` of a campaign."""
    analytic: Json = {"name": NAME, "type_id": STATISTICAL, "type": "Statistical"}
    return {"uid": uid, "title": title, "desc": description, "types": types, "analytic": analytic}
