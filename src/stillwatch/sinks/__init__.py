"""Where alarms go: each file of this folder sends them to one kind of place, chosen by the URL's scheme."""

from stillwatch.sinks._delivery.catalogue import catalogue, open_sink
from stillwatch.sinks._delivery.interface import Kind, NotNow, Refused, Sink
from stillwatch.sinks._delivery.outbox import Outbox
from stillwatch.sinks._delivery.patience import Patience
from stillwatch.sinks._delivery.record import append, line, read, told
from stillwatch.sinks._delivery.signature import NotGenuine, verify
from stillwatch.sinks._delivery.worker import Counts, Outcome

__all__ = [
    "Counts",
    "Kind",
    "NotGenuine",
    "NotNow",
    "Outbox",
    "Outcome",
    "Patience",
    "Refused",
    "Sink",
    "append",
    "catalogue",
    "line",
    "open_sink",
    "read",
    "told",
    "verify",
]
