"""What a serving process knows of marks, from its own environment.

| variable | is |
|---|---|
| `STILLWATCH_MARK_SECRET` | the secret, 64 hexadecimal digits |
| `STILLWATCH_MARK_SECRET_FILE` | a file of it, where the variable above is not set |
| `STILLWATCH_MARK_TENANT` | the tenant whose keys are used; `default` if not set |
| `STILLWATCH_MARK_SCHEME` | JSON file of the scheme; the packaged one if not set |
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import msgspec

from stillwatch.marks.keys import ENVIRONMENT, MarkKeys, load_secret
from stillwatch.marks.serving.ticket import cohort_in
from stillwatch.marks.watermark.marking import MarkerKeys, marker_keys
from stillwatch.marks.watermark.scheme import Scheme, load_scheme
from stillwatch.records import InvalidConfiguration

SECRET_FILE = "STILLWATCH_MARK_SECRET_FILE"  # noqa: S105 - the name of a variable
TENANT = "STILLWATCH_MARK_TENANT"
SCHEME = "STILLWATCH_MARK_SCHEME"


class Serving(msgspec.Struct, frozen=True):
    """Keys and scheme of one serving process."""

    keys: MarkKeys
    scheme: Scheme

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        named = environment.get(SECRET_FILE)
        file = None if ENVIRONMENT in environment or named is None else Path(named)
        scheme = environment.get(SCHEME)
        return cls(
            MarkKeys(load_secret(file), environment.get(TENANT, "default")),
            load_scheme(None if scheme is None else Path(scheme)),
        )

    def by_logits(self) -> Self:
        """For servers that draw the tokens themselves, after logits were processed."""
        if self.scheme.variant != "green":
            raise InvalidConfiguration(
                f"a scheme of variant {self.scheme.variant} draws the tokens itself, and this server draws them: use green"
            )
        return self

    def keys_of(self, ticket: object) -> MarkerKeys:
        """Of the cohort of a ticket; the global key alone where there is none, or one that nobody here made."""
        return marker_keys(self.keys, cohort_in(self.keys, ticket))
