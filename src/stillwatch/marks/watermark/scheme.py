"""What a mark is made of: the settings that serving and testing must have in common."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from stillwatch.marks.watermark.law import Bernoulli, Exponential, Law
from stillwatch.records import InvalidConfiguration, UnreadableInput

Variant = Literal["green", "gumbel"]
OPEN_SHARE = Annotated[float, msgspec.Meta(gt=0, lt=1)]
SHARE = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Scheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How tokens are marked.

    `green` raises the logits of a keyed part of the vocabulary; `gumbel` draws with keyed noise, and is free of distortion
    as long as no context comes twice.
    """

    variant: Variant = "green"
    gamma: OPEN_SHARE = 0.5  # part of the vocabulary that is green
    delta: Annotated[float, msgspec.Meta(ge=0, le=20)] = 1.0  # added to green logits, nats
    window: Annotated[int, msgspec.Meta(ge=1, le=8)] = 1  # tokens before a position that choose its bits
    identity_share: SHARE = 0.5  # of contexts under a cohort's key; the others are under the global key
    least_entropy: Annotated[float, msgspec.Meta(ge=0, le=20)] = 0.5  # nats; below it nothing is marked

    def law(self) -> Law:
        """How a token's score is distributed under a key that it does not depend on."""
        return Bernoulli(self.gamma) if self.variant == "green" else Exponential()


def load_scheme(path: Path | None) -> Scheme:
    """The scheme in a JSON file; without one, the packaged one."""
    if path is None:
        return Scheme()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Scheme)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise InvalidConfiguration(f"{path}: {error}") from error
