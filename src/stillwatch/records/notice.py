"""What is told about an alarm outside the process: the alarm, and where it belongs."""

from urllib.parse import quote

import msgspec

from stillwatch.records.finding import Alarm
from stillwatch.records.wire import Micros


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One alarm on its way to the sinks.

    `alarm_id` follows from what the alarm says, so that an alarm told twice can be known by it.
    """

    alarm_id: str
    alarm: Alarm
    tenant: str
    watch: str  # the name of the watch that raised it
    written_at: Micros  # when it was written down, by the clock of the machine
    case_id: str | None = None
    link_base: str | None = None  # where the analysts' pages are

    @property
    def link(self) -> str | None:
        """The page of the case, or of the campaign where there is no case yet."""
        if self.link_base is None:
            return None
        kind, name = ("cases", self.case_id) if self.case_id else ("campaigns", self.alarm.campaign_id)
        safe = quote(name, safe="", errors="replace")
        return f"{self.link_base.rstrip('/')}/{kind}/{safe}"
