"""A notice as an OCSF Detection Finding (class 2004), schema version 1.8.0.

One finding is one campaign: `finding_info.uid` is tenant, watch and campaign, since each watch counts its campaigns
from one; `metadata.uid` is the alarm. So later alarms update the finding an earlier one made.
"""

from urllib.parse import quote

from stillwatch.records import Micros, Notice, clean, ocsf
from stillwatch.records.ocsf import Json
from stillwatch.records.text import NAME
from stillwatch.sinks._delivery.record import encoded, number
from stillwatch.sinks._delivery.severity import severity


def detection_finding(notice: Notice) -> Json:
    """The event of an alarm."""
    alarm = notice.alarm
    opened = alarm.kind == "opened"
    owner = (notice.tenant, notice.watch, alarm.campaign_id)
    status: Json = {"status_id": 1, "status": "New"} if opened else {}
    link: Json = {} if notice.link is None else {"src_url": notice.link}
    info = ocsf.campaign_info(
        uid="/".join(quote(part, safe="", errors="replace") for part in owner),
        title=f"Distillation campaign {clean(alarm.kind, NAME)}",
        description=alarm.summary,
        types=[alarm.kind],
    )
    unmapped: Json = {
        "campaign_id": alarm.campaign_id,
        "kind": alarm.kind,
        "accounts": alarm.accounts,
        "exchanges_so_far": alarm.exchanges_so_far,
        "log_e_value": number(alarm.log_e_value),
    }
    return ocsf.detection_finding(
        activity=ocsf.CREATE if opened else ocsf.UPDATE,
        time=Micros(alarm.ts),
        severity=severity(alarm.kind).ocsf,
        is_alert=alarm.kind != "quiet",
        message=alarm.summary,
        metadata=_metadata(notice),
        finding_info={**info, **link},
        more={**status, "unmapped": unmapped},
    )


def _metadata(notice: Notice) -> Json:
    case: Json = {} if notice.case_id is None else {"correlation_uid": notice.case_id}
    return {
        **ocsf.product_metadata(notice.alarm_id),
        "tenant_uid": notice.tenant,
        "log_name": notice.watch,
        "logged_time": notice.written_at // 1000,
        **case,
    }


def ocsf_line(notice: Notice) -> bytes:
    """The event as JSON on one line, without its end."""
    return encoded(detection_finding(notice))
