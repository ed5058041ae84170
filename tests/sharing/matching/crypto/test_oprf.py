"""The test vectors of RFC 9497, appendix A.1 (ristretto255-SHA512), and what must not verify."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.sharing.matching.crypto import group, oprf
from stillwatch.sharing.matching.crypto.oprf import Mode

SEED = bytes([0xA3] * 32)
INFO = b"test key"
ONE, TWO = bytes.fromhex("00"), bytes.fromhex("5a" * 17)
BLIND = "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706"
OTHER_BLIND = "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e"

OPRF = [
    (
        ONE,
        "609a0ae68c15a3cf6903766461307e5c8bb2f95e7e6550e1ffa2dc99e412803c",
        "7ec6578ae5120958eb2db1745758ff379e77cb64fe77b0b2d8cc917ea0869c7e",
        (
            "527759c3d9366f277d8c6020418d96bb393ba2afb20ff90df23fb7708264e2f3"
            "ab9135e3bd69955851de4b1f9fe8a0973396719b7912ba9ee8aa7d0b5e24bcf6"
        ),
    ),
    (
        TWO,
        "da27ef466870f5f15296299850aa088629945a17d1f5b7f5ff043f76b3c06418",
        "b4cbf5a4f1eeda5a63ce7b77c7d23f461db3fcab0dd28e4e17cecb5c90d02c25",
        (
            "f4a74c9c592497375e796aa837e907b1a045d34306a749db9f34221f7e750cb4"
            "f2a6413a6bf6fa5e19ba6348eb673934a722a7ede2e7621306d18951e7cf2c73"
        ),
    ),
]
OUTPUT_ONE = (
    "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7d"
    "a4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c"
)
OUTPUT_TWO = (
    "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60"
    "356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6"
)
VOPRF = [
    (
        [ONE],
        [BLIND],
        ["863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945"],
        ["aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e"],
        "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e",
        (
            "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd06"
            "6d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d"
        ),
        [OUTPUT_ONE],
    ),
    (
        [TWO],
        [BLIND],
        ["cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c"],
        ["60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468"],
        "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e",
        (
            "401a0da6264f8cf45bb2f5264bc31e109155600babb3cd4e5af7d181a2c9dc0a"
            "67154fabf031fd936051dec80b0b6ae29c9503493dde7393b722eafdf5a50b02"
        ),
        [OUTPUT_TWO],
    ),
    (
        [ONE, TWO],
        [BLIND, OTHER_BLIND],
        [
            "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
            "90a0145ea9da29254c3a56be4fe185465ebb3bf2a1801f7124bbbadac751e654",
        ],
        [
            "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
            "cc5ac221950a49ceaa73c8db41b82c20372a4c8d63e5dded2db920b7eee36a2a",
        ],
        "419c4f4f5052c53c45f3da494d2b67b220d02118e0857cdbcf037f9ea84bbe0c",
        (
            "cc203910175d786927eeb44ea847328047892ddf8590e723c37205cb74600b0a"
            "5ab5337c8eb4ceae0494c2cf89529dcf94572ed267473d567aeed6ab873dee08"
        ),
        [OUTPUT_ONE, OUTPUT_TWO],
    ),
]
PUBLIC = bytes.fromhex("c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e")


def scalar(text):
    return group.decoded(bytes.fromhex(text))


def test_keys_follow_from_a_seed():
    assert group.encoded(oprf.derive_key(SEED, INFO, Mode.OPRF)).hex() == (
        "5ebcea5ee37023ccb9fc2d2019f9d7737be85591ae8652ffa9ef0f4d37063b0e"
    )
    secret = oprf.derive_key(SEED, INFO, Mode.VOPRF)
    assert group.encoded(secret).hex() == "e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909"
    assert group.generated(secret) == PUBLIC


@pytest.mark.parametrize(("value", "blinded", "evaluated", "output"), OPRF)
def test_oprf(value, blinded, evaluated, output):
    secret = oprf.derive_key(SEED, INFO, Mode.OPRF)
    sent = oprf.blind([value], [scalar(BLIND)], Mode.OPRF)
    assert sent[0].hex() == blinded
    back = oprf.evaluate(secret, sent)
    assert back[0].hex() == evaluated
    assert oprf.finalize([value], [scalar(BLIND)], back)[0].hex() == output
    assert oprf.directly(secret, [value], Mode.OPRF)[0].hex() == output


@pytest.mark.parametrize(("values", "blinds", "blinded", "evaluated", "chance", "proof", "outputs"), VOPRF)
def test_voprf(values, blinds, blinded, evaluated, chance, proof, outputs):
    secret = oprf.derive_key(SEED, INFO, Mode.VOPRF)
    by = [scalar(one) for one in blinds]
    sent = oprf.blind(values, by)
    assert [one.hex() for one in sent] == blinded
    back = oprf.evaluate(secret, sent)
    assert [one.hex() for one in back] == evaluated
    assert oprf.prove(secret, PUBLIC, sent, back, chance=scalar(chance)).hex() == proof
    assert oprf.verify(PUBLIC, sent, back, bytes.fromhex(proof))
    assert [one.hex() for one in oprf.finalize(values, by, back)] == outputs
    assert [one.hex() for one in oprf.directly(secret, values)] == outputs


@settings(max_examples=25, deadline=None)
@given(
    values=st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6, unique=True),
    at=st.integers(0, 5),
    flipped=st.integers(0, 511),
)
def test_nothing_but_the_true_evaluation_verifies(values, at, flipped):
    secret = group.random_scalar()
    public = group.generated(secret)
    blinds = [group.random_scalar() for _ in values]
    sent = oprf.blind(values, blinds)
    back = oprf.evaluate(secret, sent)
    proof = oprf.prove(secret, public, sent, back)
    assert oprf.verify(public, sent, back, proof)
    assert oprf.finalize(values, blinds, back) == oprf.directly(secret, values)

    wrong = list(back)
    wrong[at % len(values)] = group.multiply(group.random_scalar(), sent[at % len(values)])
    assert not oprf.verify(public, sent, wrong, proof)
    assert not oprf.verify(group.generated(group.random_scalar()), sent, back, proof)
    bent = bytearray(proof)
    bent[flipped // 8] ^= 1 << flipped % 8
    assert not oprf.verify(public, sent, back, bytes(bent))


@pytest.mark.parametrize("element", [bytes(32), b"\xff" * 32, b"short", b"\x01" * 32])
def test_what_is_no_element_is_refused(element):
    assert not group.is_element(element)
    with pytest.raises(group.NotInGroup):
        oprf.evaluate(group.random_scalar(), [element])
    assert not oprf.verify(PUBLIC, [PUBLIC], [element], bytes(64))


def test_a_scalar_is_written_in_one_way():
    with pytest.raises(ValueError, match="not a scalar"):
        group.decoded(group.ORDER.to_bytes(32, "little"))


def test_nothing_is_made_of_zero():
    with pytest.raises(group.NotInGroup):
        group.generated(0)
    with pytest.raises(group.NotInGroup):
        group.multiply(0, PUBLIC)
