"""What every sink must do; the catalogue is walked, so a new sink is held to it unasked."""

from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notices import HOSTILE, SECRET

from stillwatch.records import InvalidConfiguration, UsageError
from stillwatch.sinks import catalogue, open_sink
from stillwatch.sinks._delivery.outbox import name_of

# Apprise's mail service imports a module that Python 3.11 calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

SCHEMES = sorted(scheme for kind in catalogue().values() for scheme in kind.schemes)


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_a_sink_documents_itself_and_opens_its_own_example(name, monkeypatch):
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    monkeypatch.setenv("PAGER_URL", "json://127.0.0.1:9/")
    documentation = import_module(f"stillwatch.sinks.{name}").__doc__
    for part in ("Carries: ", "Holds: ", "Fails: " if name != "syslog" else "Ports: ", "Escapes: "):
        assert part in documentation
    open_sink(catalogue()[name].example)


def test_no_two_sinks_share_a_scheme():
    assert len(SCHEMES) == len(set(SCHEMES))


@pytest.mark.parametrize(
    ("url", "error", "said"),
    [
        ("nothing", UsageError, "is a URL such as"),
        ("smoke:signals", UsageError, "no alarm sink for 'smoke'"),
        ("jsonl:", UsageError, "names no file"),
        ("ocsf:", UsageError, "names no file"),
        ("webhook+https:///x#secret=S", UsageError, "names no host"),
        ("webhook+https://h/x", UsageError, "#secret=NAME"),
        ("webhook+https://h/x#secret=S&colour=red", UsageError, "no option 'colour'"),
        ("webhook+https://h/x#secret=S&secret=S", UsageError, "comes twice"),
        ("webhook+https://me:hunter2@h/x#secret=S", UsageError, "no user or password"),
        ("webhook+https://h:0/x#secret=S", UsageError, "names no host"),
        ("webhook+https://h:99999/x#secret=S", UsageError, "not a URL"),
        ("webhook+https://h/\u00e9#secret=GOOD", UsageError, "percent-encode"),
        ("webhook+https://h/x#secret=NOT_SET", InvalidConfiguration, "NOT_SET holds no secret"),
        ("syslog://h:514?format=xml", UsageError, "no format 'xml'"),
        ("syslog://h:514?ca=x", UsageError, "no option 'ca'"),
        ("syslog://h/path", UsageError, "nothing else"),
        ("syslog+tls://h?ca=/does/not/exist", InvalidConfiguration, "No such file"),
        ("apprise:", UsageError, "no URL that Apprise knows"),
        ("apprise:env:NOT_SET", InvalidConfiguration, "holds no URL"),
    ],
)
def test_a_wrong_url_is_refused_with_the_reason(url, error, said, monkeypatch):
    monkeypatch.setenv("GOOD", SECRET)
    with pytest.raises(error, match=said) as raised:
        open_sink(url)
    assert "hunter2" not in str(raised.value)


@given(st.sampled_from(SCHEMES), HOSTILE)
def test_garbage_behind_a_scheme_never_crashes(scheme, rest):
    try:
        open_sink(f"{scheme}:{rest}")
    except (UsageError, InvalidConfiguration) as error:
        assert str(error)  # noqa: PT017 - either outcome is right


def test_a_name_is_stable_and_tells_no_secret():
    assert name_of("apprise:slack://token/abc") == name_of("apprise:slack://token/abc")
    assert "token" not in name_of("apprise:slack://token/abc")
    assert name_of("jsonl:a") != name_of("jsonl:b")
