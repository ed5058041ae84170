"""What a member can learn by itself: from all that it has, nothing that was planted; from a salted hash, everything."""

import hmac
from contextlib import closing
from hashlib import sha256
from itertools import product

import pyarrow as pa
from two_labs import INSTRUCTION, findings, write

from stillwatch.features.fragments import fragments
from stillwatch.features.words import words_of
from stillwatch.records import micros_of
from stillwatch.sharing.matching import publishing
from stillwatch.sharing.matching.crypto import group as curve
from stillwatch.sharing.matching.crypto import oprf
from stillwatch.sharing.matching.exchange.asking import Asker, Http
from stillwatch.sharing.matching.indicators import published
from stillwatch.sharing.matching.templates.carried import findings_of
from stillwatch.sharing.matching.templates.sketches import fragment_value
from stillwatch.sharing.matching.tokens import TOKEN_BYTES, shortened, value_of

PLANTED_CARDS = [f"card-{at}" for at in range(5)]


def dictionary(key):
    """Guesses that hold everything planted: card numbers, and all fragments of the planted prompt and of others."""
    cards = [f"{lab}card-{at}" for lab, at in product(("", "a-", "b-"), range(60))]
    guesses = [value_of("account.payment_fp", card) for card in cards]
    prompts = [f"{INSTRUCTION} Question", INSTRUCTION, "Please explain rivers to person", "Plain words of"]
    none = words_of(pa.array([""] * len(prompts)), key)
    found = fragments(none, words_of(pa.array(prompts), key), key)
    return guesses, sorted({int(one) for one in found.reshape(-1) if one})


def test_a_member_with_all_shared_material_recovers_nothing(group, tmp_path):
    """Lab-b tries its dictionary on lab-a's indicators, having all that it was sent and all that it can compute."""
    log, found = write(tmp_path / "log", "a"), findings(tmp_path / "found", "a")
    wire = []

    with group.served(tmp_path) as logs:
        with closing(Http()) as http:

            def heard(url, message):
                answer = http(url, message)
                wire.append((message, answer))
                return answer

            asker = Asker(group.identities["lab-a"], group.roster, group.keys["lab-a"], heard)
            key = group.keys["lab-a"]
            made = publishing.indicators_of(
                [log],
                findings_of(found),
                key,
                lambda values: shortened(asker.outputs(values)),
                fields=("payment_fp",),
                weight=3.0,
            )
        asked = sum(row.elements for kept in logs.values() for row in kept.asked())
    file = published(group.identities["lab-a"], key, made.campaigns, micros_of("2026-10-01T00:00:00Z"))
    (campaign,) = made.campaigns
    (sketch,) = campaign.template_sketches
    value = bytes.fromhex(sketch.value)
    tokens = {value[at : at + TOKEN_BYTES] for at in range(0, len(value), TOKEN_BYTES)}
    tokens |= {bytes.fromhex(one.value) for one in campaign.oprf_tokens}
    assert len(tokens) > 30

    own = group.keys["lab-b"]
    cards, guessed = dictionary(own.hashes)
    guesses = cards + [fragment_value(one) for one in guessed]
    secrets = [
        curve.decoded(bytes.fromhex(own.share)),
        int.from_bytes(bytes.fromhex(own.seed)) % curve.ORDER,
        1,
    ]
    for secret in (*secrets, *(curve.ORDER - one for one in secrets), 2 * secrets[0] % curve.ORDER):
        assert not tokens & set(shortened(oprf.directly(secret, guesses)))
    points = {message[at : at + 32] for pair in wire for message in pair for at in range(len(message) - 31)}
    for secret in secrets:  # nothing that passed is a guess under anything lab-b has
        tag = b"HashToGroup-" + oprf.Mode.VOPRF.context
        assert not points & {curve.multiply(secret, curve.hash_to_element(one, tag)) for one in guesses}
    for salt in (bytes.fromhex(own.seed), own.hashes.secret):
        assert not tokens & {hmac.digest(salt, one, sha256)[:TOKEN_BYTES] for one in guesses}
    for planted in (*PLANTED_CARDS, "hidden chain of thought", "a-op-1", "Halvorsen"):
        assert planted.encode() not in file
        assert not any(planted.encode() in message for pair in wire for message in pair)
    assert asked >= len(tokens)  # and each evaluation was counted

    # The same guesses find everything once the quorum is asked, which it counts and limits: that is what protects.
    with group.served(tmp_path) as logs, closing(Http()) as http:
        member = Asker(group.identities["lab-b"], group.roster, own, http)
        assert tokens & set(shortened(member.outputs(guesses)))
        assert sum(
            row.elements for log in logs.values() for row in log.asked() if row.sender == "lab-b"
        ) >= len(guesses)


def test_a_hash_with_the_salt_of_the_group_gives_everything_away(group):
    """The baseline: HMAC under a key that all members have."""
    salt = bytes.fromhex(group.keys["lab-b"].seed)
    published_hashes = {
        hmac.digest(salt, value_of("account.payment_fp", card), sha256) for card in PLANTED_CARDS
    }
    cards, _ = dictionary(group.keys["lab-b"].hashes)
    recovered = published_hashes & {hmac.digest(salt, guess, sha256) for guess in cards}
    assert len(recovered) == len(PLANTED_CARDS)
