"""A guard's counters as Prometheus reads them. No account is ever a label."""

from collections.abc import Mapping

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
HEAD = (
    "# HELP stillwatch_gateway_events_total What a gateway did and met, by kind.\n"
    "# TYPE stillwatch_gateway_events_total counter\n"
)


def text(counts: Mapping[str, int]) -> str:
    """Counters in the text format."""
    lines = [f'stillwatch_gateway_events_total{{event="{name}"}} {counts[name]}\n' for name in sorted(counts)]
    return HEAD + "".join(lines)
