"""A notice as an OCSF Detection Finding (class 2004), schema version 1.8.0.

One finding is one campaign: `finding_info.uid` is tenant, watch and campaign, since each watch counts its campaigns
from one; `metadata.uid` is the alarm. So later alarms update the finding an earlier one made.
"""

from urllib.parse import quote

from stillwatch.records import Notice, clean
from stillwatch.records.text import NAME
from stillwatch.sinks._delivery.product import NAME as PRODUCT
from stillwatch.sinks._delivery.product import VENDOR, VERSION
from stillwatch.sinks._delivery.record import Json, encoded, number
from stillwatch.sinks._delivery.severity import OCSF_CAPTIONS, severity

SCHEMA = "1.8.0"
CLASS = 2004
CREATE, UPDATE = (1, "Create"), (2, "Update")
STATISTICAL = 3  # analytic.type_id


def detection_finding(notice: Notice) -> Json:
    """The event, with every attribute the class requires. Times are milliseconds, as OCSF has them."""
    alarm = notice.alarm
    activity, activity_name = CREATE if alarm.kind == "opened" else UPDATE
    owner = (notice.tenant, notice.watch, alarm.campaign_id)
    grave = severity(alarm.kind).ocsf
    status: Json = {"status_id": 1, "status": "New"} if alarm.kind == "opened" else {}
    link: Json = {} if notice.link is None else {"src_url": notice.link}
    return {
        "activity_id": activity,
        "activity_name": activity_name,
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": CLASS,
        "class_name": "Detection Finding",
        "type_uid": CLASS * 100 + activity,
        "type_name": f"Detection Finding: {activity_name}",
        "time": alarm.ts // 1000,
        "severity_id": grave,
        "severity": OCSF_CAPTIONS[grave],
        "is_alert": alarm.kind != "quiet",
        "message": alarm.summary,
        "metadata": _metadata(notice),
        "finding_info": {
            "uid": "/".join(quote(part, safe="", errors="replace") for part in owner),
            "title": f"Distillation campaign {clean(alarm.kind, NAME)}",
            "desc": alarm.summary,
            "types": [alarm.kind],
            "analytic": {"name": PRODUCT, "type_id": STATISTICAL, "type": "Statistical"},
            **link,
        },
        **status,
        "unmapped": {
            "campaign_id": alarm.campaign_id,
            "kind": alarm.kind,
            "accounts": alarm.accounts,
            "exchanges_so_far": alarm.exchanges_so_far,
            "log_e_value": number(alarm.log_e_value),
        },
    }


def _metadata(notice: Notice) -> Json:
    case: Json = {} if notice.case_id is None else {"correlation_uid": notice.case_id}
    return {
        "version": SCHEMA,
        "uid": notice.alarm_id,
        "product": {"name": PRODUCT, "vendor_name": VENDOR, "version": VERSION},
        "tenant_uid": notice.tenant,
        "log_name": notice.watch,
        "logged_time": notice.written_at // 1000,
        **case,
    }


def ocsf_line(notice: Notice) -> bytes:
    """The event as JSON on one line, without its end."""
    return encoded(detection_finding(notice))
