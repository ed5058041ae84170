"""`apprise:URL`: a short message to a person, over any service Apprise knows: Slack, PagerDuty, mail and others.

Needs: `pip install 'stillwatch[alerts]'`. The URL behind `apprise:` is Apprise's own, such as `mailto://` or
`slack://`. It usually holds a token; `apprise:env:NAME` takes it from the environment variable NAME, so that it
does not stand on the command line.
Carries: a title and a few lines of text: what happened, to which campaign, how large it is, and the link.
Holds: an alarm counts as delivered when Apprise says that the service took it. The same alarm may come twice; its id
is in the text.
Fails: Apprise does not say why, so each failure is tried again a few times and then is a dead letter.
Escapes: control and bidirectional characters are spelled out; what starts a mention or a link in chats (`@`, `<`, `>`,
backquotes, `](`) is put in other characters.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING

from stillwatch.records import InvalidConfiguration, Notice, UsageError, clean
from stillwatch.records.text import NAME
from stillwatch.sinks._delivery.interface import Kind, NotNow
from stillwatch.sinks._delivery.severity import HIGH, severity

if TYPE_CHECKING:
    from apprise import Apprise

VARIABLE = "env:"
HARMLESS = {"@": "(at)", "<": "\u2039", ">": "\u203a", "`": "'", "](": "] ("}


class Message:
    """One service of Apprise."""

    def __init__(self, service: "Apprise") -> None:
        self._service = service

    def deliver(self, notice: Notice) -> None:
        from apprise import NotifyFormat, NotifyType  # noqa: PLC0415 - an extra

        grave = NotifyType.FAILURE if severity(notice.alarm.kind) is HIGH else NotifyType.INFO
        title, body = text(notice)
        if not self._service.notify(body, title, notify_type=grave, body_format=NotifyFormat.TEXT):
            raise NotNow("Apprise could not deliver", answered=True)


def text(notice: Notice) -> tuple[str, str]:
    """Title and body."""
    alarm = notice.alarm
    lines = [
        _shown(alarm.summary, None),
        f"{alarm.accounts:,} accounts, {alarm.exchanges_so_far:,} exchanges so far",
        f"tenant {_shown(notice.tenant)}, watch {_shown(notice.watch)}, alarm {_shown(notice.alarm_id)}",
    ]
    if notice.case_id is not None:
        lines.append(f"case {_shown(notice.case_id)}")
    if notice.link is not None:
        lines.append(clean(notice.link))
    return f"Campaign {_shown(alarm.campaign_id)}: {_shown(alarm.kind)}", "\n".join(lines)


def _shown(said: str, limit: int | None = NAME) -> str:
    shown = clean(said) if limit is None else clean(said, limit)
    for mark, harmless in HARMLESS.items():
        shown = shown.replace(mark, harmless)
    return shown


def open_apprise(url: str) -> Message:
    inner = url.partition(":")[2]
    if inner.startswith(VARIABLE):
        inner = os.environ.get(inner.removeprefix(VARIABLE), "").strip()
        if not inner:
            raise InvalidConfiguration("apprise: the environment variable holds no URL")
    try:
        service = import_module("apprise").Apprise()
    except ModuleNotFoundError as error:
        raise InvalidConfiguration("apprise: is not installed; pip install 'stillwatch[alerts]'") from error
    if not service.add(inner):
        raise UsageError("apprise: what follows is no URL that Apprise knows")
    return Message(service)


SINK = Kind(("apprise",), "apprise:env:PAGER_URL", open_apprise)
