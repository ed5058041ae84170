import pytest

from stillwatch.gateways.settings import GatewaySettings, load
from stillwatch.records import InvalidConfiguration

GOOD = {
    "yaml": "spool: spool\nenforce: true\naccount_header: X-Account\nfacts: {ja4: X-JA4}\nlimits: {body_bytes: 1000}\n",
    "toml": 'spool = "spool"\nenforce = true\naccount_header = "X-Account"\nfacts = {ja4 = "X-JA4"}\n'
    "[limits]\nbody_bytes = 1000\n",
}


@pytest.mark.parametrize("suffix", GOOD)
def test_both_notations_say_the_same(suffix, tmp_path):
    path = tmp_path / f"gateway.{suffix}"
    path.write_text(GOOD[suffix])
    settings = load(path)
    assert settings.path(settings.spool) == tmp_path / "spool"
    assert (settings.account_header, settings.facts, settings.limits.body_bytes) == (
        "x-account",
        {"ja4": "x-ja4"},
        1000,
    )


def test_a_new_gateway_only_looks():
    assert not GatewaySettings(spool="s").enforce


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("spool: s\ntrusted_hop: 1\n", "did you mean 'trusted_hops'"),
        ("spool: s\nlimits: {body_byte: 1}\n", "did you mean 'body_bytes'"),
        ("spool: s\nfacts: {ja3: x}\n", "did you mean 'ja4'"),
        ("spool: s\nfolder: /\n", "unknown key 'folder'"),
        ("spool: s\ntrusted_hops: -1\n", "trusted_hops must lie"),
        ("spool: s\nlimits: {held: 0}\n", "held must be greater"),
        ("spool: s\nlimits: {segment_seconds: 601}\n", "segment_seconds must be at most 600"),
        ("spool: s\nfail_closed: [chats]\n", "fail_closed"),
        ("enforce: true\n", "spool"),
        ("spool: 7\n", "spool"),
        ("spool: s\nbound_keys: {file: k, base_urls: x}\n", "did you mean 'base_url'"),
        ("spool: s\nbound_keys: {file: k}\n", "base_url"),
        ("spool: s\nbound_keys: {file: k, base_url: api.example.com}\n", "base_url must be like"),
        ("spool: s\nbound_keys: {file: k, base_url: 'https://a/?b'}\n", "base_url must be like"),
        ("spool: s\nbound_keys: {file: k, base_url: 'https://[a'}\n", "bound_keys: "),
        (
            "spool: s\nbound_keys: {file: k, base_url: 'https://a', certificate_from: [10.0.0.1/8]}\n",
            "host bits",
        ),
        ("- spool\n", "not a mapping"),
        ("spool: [\n", "gateway.yaml"),
    ],
)
def test_what_does_not_hold_is_named(text, message, tmp_path):
    path = tmp_path / "gateway.yaml"
    path.write_text(text)
    with pytest.raises(InvalidConfiguration, match=message):
        load(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InvalidConfiguration, match="nowhere"):
        load(tmp_path / "nowhere.toml")
