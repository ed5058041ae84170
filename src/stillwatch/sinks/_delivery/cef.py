"""A notice in the Common Event Format, version 0."""

from stillwatch.records import Notice, clean
from stillwatch.records.product import NAME as PRODUCT
from stillwatch.records.product import VENDOR, VERSION
from stillwatch.records.text import NAME
from stillwatch.sinks._delivery.severity import severity


def cef(notice: Notice) -> str:
    """One line. Custom fields carry their label beside them, as the format asks."""
    alarm = notice.alarm
    kind = clean(alarm.kind, NAME)
    header = ("CEF:0", VENDOR, PRODUCT, VERSION, f"campaign.{kind}", f"Distillation campaign {kind}")
    fields = {
        "end": str(alarm.ts // 1000),
        "rt": str(notice.written_at // 1000),
        "externalId": clean(notice.alarm_id, NAME),
        "msg": clean(alarm.summary),
        **_labelled("cs1", "campaignId", clean(alarm.campaign_id, NAME)),
        **_labelled("cs2", "tenant", clean(notice.tenant, NAME)),
        **_labelled("cs3", "watch", clean(notice.watch, NAME)),
        **(_labelled("cs4", "caseId", clean(notice.case_id, NAME)) if notice.case_id else {}),
        **_labelled("cn1", "accounts", str(alarm.accounts)),
        **_labelled("cn2", "exchanges", str(alarm.exchanges_so_far)),
        **_labelled("cfp1", "logEValue", str(alarm.log_e_value)),
    }
    if notice.link is not None:
        fields["request"] = clean(notice.link)
    head = "|".join(_header(part) for part in (*header, str(severity(alarm.kind).cef)))
    return f"{head}|{' '.join(f'{name}={_value(text)}' for name, text in fields.items())}"


def _labelled(name: str, label: str, value: str) -> dict[str, str]:
    return {f"{name}Label": label, name: value}


def _header(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _value(text: str) -> str:
    return text.replace("\\", "\\\\").replace("=", "\\=")
