"""What a watch counts about itself, read over HTTP as Prometheus reads it."""

import math
import subprocess
import sys
import time
import urllib.request

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from stillwatch.records import UsageError
from stillwatch.runtime.metrics import KINDS, OTHER, REASONS, Metrics, Server, reason_class
from stillwatch.sinks import Counts, catalogue


def scrape(metrics):
    with Server(metrics) as server:
        address = f"http://127.0.0.1:{server.port}/metrics"
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=5) as answer:
            text = answer.read().decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, *sorted(sample.labels.values())): sample.value for sample in samples}


def test_all_of_it_over_http():
    metrics = Metrics()
    metrics.took(100, late=3, repeated=2)
    metrics.rejected("ts: is required")
    metrics.rejected("not JSON: trailing characters", 4)
    metrics.ticked(int((time.time() - 60) * 1e6))
    metrics.looked(0.2, campaigns_open=7)
    metrics.queued("sketches", 12)
    metrics.alarmed("opened")
    metrics.delivery("webhook+https", "delivered")
    metrics.delivery("jsonl", "dead")
    metrics.follow(["jsonl"], lambda: [Counts(name="a", scheme="jsonl", lag=2.5)])
    metrics.saved(time.time() - 30)
    seen = scrape(metrics)
    assert seen["stillwatch_exchanges_total",] == 100
    assert seen["stillwatch_exchanges_late_total",] == 3
    assert seen["stillwatch_exchanges_repeated_total",] == 2
    assert seen["stillwatch_rejected_total", "missing_field"] == 1
    assert seen["stillwatch_rejected_total", "not_json"] == 4
    assert seen["stillwatch_ticks_total",] == 1
    assert 60 <= seen["stillwatch_watermark_lag_seconds",] < 70
    assert seen["stillwatch_look_seconds_count",] == 1
    assert seen["stillwatch_look_seconds_bucket", "0.3"] == 1
    assert seen["stillwatch_campaigns_open",] == 7
    assert seen["stillwatch_queue_size", "sketches"] == 12
    assert seen["stillwatch_alarms_total", "opened"] == 1
    assert seen["stillwatch_deliveries_total", "delivered", "webhook+https"] == 1
    assert seen["stillwatch_deliveries_total", "dead", "jsonl"] == 1
    assert seen["stillwatch_delivery_lag_seconds", "jsonl"] == 2.5
    assert 30 <= seen["stillwatch_snapshot_age_seconds",] < 40


def test_what_has_not_happened_yet_has_no_age():
    seen = scrape(Metrics())
    assert math.isnan(seen["stillwatch_watermark_lag_seconds",])
    assert math.isnan(seen["stillwatch_snapshot_age_seconds",])


@settings(max_examples=30)
@given(st.lists(st.text(max_size=30), max_size=30))
def test_labels_are_bounded_whatever_the_log_says(texts):
    metrics = Metrics()
    for text in texts:
        metrics.rejected(text)
        metrics.alarmed(text)
        metrics.delivery(text, "failed")
    labels = {
        value
        for family in metrics.registry.collect()
        for sample in family.samples
        for name, value in sample.labels.items()
        if name != "le"
    }
    schemes = {name for kind in catalogue().values() for name in kind.schemes}
    assert labels <= schemes | KINDS | {OTHER, "failed"} | {name for name, _ in REASONS}


@pytest.mark.parametrize(
    ("reason", "name"),
    [
        ("not JSON: x", "not_json"),
        ("JSON nested too deeply", "not_json"),
        ("not UTF-8 text", "not_text"),
        ("line longer than 64 MiB", "too_long"),
        ("no known log format", "unknown_format"),
        ("cannot be read as Parquet: x", "unreadable"),
        ("the message is cut short", "unreadable"),
        ("account_id: is required", "missing_field"),
        ("country: 'x' must be two capital letters", "bad_value"),
        ("\n", OTHER),
    ],
)
def test_reasons_fall_into_classes(reason, name):
    assert reason_class(reason) == name


def test_two_watches_count_apart_and_a_taken_port_is_named():
    one, other = Metrics(), Metrics()
    one.took(1)
    assert scrape(other)["stillwatch_exchanges_total",] == 0
    with Server(one) as server, pytest.raises(UsageError, match="metrics cannot be served"):
        Server(other, port=server.port)


def test_without_the_extra_the_error_names_it():
    """In a process of its own that cannot see the package."""
    code = (
        "import sys; sys.modules['prometheus_client'] = None\n"
        "try: import stillwatch.runtime.metrics\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "InvalidConfiguration metrics need prometheus-client; pip install 'stillwatch[live]'\n"
