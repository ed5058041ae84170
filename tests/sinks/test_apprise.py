"""Messages to people, through Apprise's own JSON service to a real server."""

import json
import subprocess
import sys

import pytest
from notices import Receiver, free_port, notice

from stillwatch.sinks import NotNow, open_sink

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def test_a_message_arrives(monkeypatch):
    with Receiver() as receiver:
        monkeypatch.setenv("PAGER", f"json://127.0.0.1:{receiver.port}/")
        open_sink("apprise:env:PAGER").deliver(notice(campaign_id="<!here> @all"))
    said = json.loads(receiver.requests[0][2])
    assert said["title"] == "Campaign \u2039!here\u203a (at)all: opened"
    assert "https://stillwatch.example.com/cases/case-12" in said["message"]
    assert "alarm-000001" in said["message"]
    assert said["type"] == "failure"


def test_a_failure_is_tried_again():
    with pytest.raises(NotNow) as raised:
        open_sink(f"apprise:json://127.0.0.1:{free_port()}/").deliver(notice())
    assert raised.value.answered


def test_without_the_extra_the_error_names_it():
    """In a process of its own that cannot see the package."""
    code = (
        "import sys; sys.modules['apprise'] = None\n"
        "from stillwatch.sinks import open_sink\n"
        "try: open_sink('apprise:json://h/')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "InvalidConfiguration apprise: is not installed; pip install 'stillwatch[alerts]'\n"
