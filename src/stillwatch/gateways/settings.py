"""A gateway's configuration file, YAML or TOML by its ending.

Paths are relative to the file. An unknown key is an error, with the key that was probably meant.
"""

import tomllib
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from stillwatch.gateways.caller import Caller
from stillwatch.gateways.feed import FeedLimits
from stillwatch.marks.ids.ages import DAY, MAX_AGE
from stillwatch.records import InvalidConfiguration, Route
from stillwatch.sources.streams import segment

FACTS = frozenset(Caller.__struct_fields__) - {"account_id", "api_key_id", "client_ip", "exchange_id"}


class Limits(FeedLimits, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bounds of what a gateway holds and waits for, and those of its feed."""

    body_bytes: int = 8 << 20  # a longer request goes on unread
    body_seconds: float = 30.0  # a request whose body takes longer goes on unread
    answer_bytes: int = 2 << 20  # of an answer that is held to be edited or recorded
    hold_seconds: float = 60.0  # no call is held longer, whatever the rule says
    held: int = 1_000  # calls held at once; more go on without waiting


class KeySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose calls must show a key, and how a call shows it; see `gateways.bound_keys`."""

    file: str  # that `stillwatch watch` publishes
    base_url: str  # of the addresses clients call; the path of a call is put behind it
    nonces: bool = False
    certificate_header: str | None = None
    certificate_from: tuple[str, ...] = ()

    def networks(self) -> list[IPv4Network | IPv6Network]:
        """Raises ValueError."""
        return [ip_network(one) for one in self.certificate_from]


class MintingSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ids minted in place of the serving side's; see `gateways.minted_ids`."""

    keys: str  # file, made on first use; the same for every gateway
    mint: bool = True  # false: only read what was minted before, to take minting back
    seal_reasoning: bool = False  # bind opaque reasoning to the organisation
    originals: str | None = None  # file; without it ids of OpenAI Responses stay the serving side's
    kept_originals: int = 1_000_000  # the oldest are forgotten
    organisations: tuple[tuple[str, ...], ...] = ()  # groups that may go on with each other's conversations
    tenant: str = ""  # of several that share the keys
    other_tenants: tuple[str, ...] = ()
    max_age_days: int = MAX_AGE // DAY


class GatewaySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that a gateway's operator decides."""

    spool: str  # directory that `stillwatch watch` follows
    policy: str | None = None  # policy file; without one, calls are only recorded
    verdicts: str | None = None  # file of verdicts that `stillwatch watch` publishes
    standings: str | None = None  # file of standings that it publishes where it has a level policy
    enforce: bool = False  # take the steps; else decisions are made and recorded only
    fail_closed: frozenset[Route] = frozenset()  # routes on which an error of ours refuses the call
    account_header: str | None = None
    claims_header: str | None = None
    account_claim: str = "sub"
    trusted_hops: int = 0
    facts: dict[str, str] = {}  # what is known of a caller -> the header that says it
    keep_text: bool = True  # hand prompts and answers on to `watch`, which sketches and deletes them
    rate_file: str | None = None  # shares rates between the processes of a machine
    appeal_url: str | None = None
    metrics_path: str | None = None  # where the middleware answers with its counters
    bound_keys: KeySettings | None = None  # accounts that have bound a key must show it
    minted_ids: MintingSettings | None = None  # ids that name, to us alone, whom they were made for
    honey: str | None = None  # file of `stillwatch mark honey list --json`, for the step `honey`
    limits: Limits = Limits()
    folder: Path = Path()  # of the file; what paths are relative to

    def path(self, name: str) -> Path:
        return self.folder / name

    def ask_no_keys(self, who: str) -> None:
        """Raises InvalidConfiguration where calls should show keys, and `who` cannot see whether they do."""
        if self.bound_keys is not None:
            raise InvalidConfiguration(
                f"bound_keys cannot be checked by {who}: use the ASGI middleware or Envoy"
            )

    def mint_no_ids(self, who: str) -> None:
        """Raises InvalidConfiguration where ids should be minted, and `who` does not see them."""
        if self.minted_ids is not None:
            raise InvalidConfiguration(
                f"minted_ids cannot be put into answers by {who}: use the ASGI middleware, Envoy or the class for LiteLLM"
            )


def load(path: Path) -> GatewaySettings:
    """Read a configuration file. Raises InvalidConfiguration."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfiguration(f"the gateway's configuration {path} cannot be read: {error}") from error
    given = _toml(path, text) if path.suffix == ".toml" else _yaml(path, text)
    if not isinstance(given, dict):
        raise InvalidConfiguration(f"{path}: not a mapping of keys to values")
    return settings_from(given, str(path), path.parent)


def settings_from(given: dict[str, Any], where: str, folder: Path = Path()) -> GatewaySettings:
    """Check settings that were read. Raises InvalidConfiguration."""
    _known(where, given, frozenset(GatewaySettings.__struct_fields__) - {"folder"})
    if isinstance(given.get("limits"), dict):
        _known(f"{where}: limits", given["limits"], frozenset(Limits.__struct_fields__))
    if isinstance(given.get("facts"), dict):
        _known(f"{where}: facts", given["facts"], FACTS)
    if isinstance(given.get("bound_keys"), dict):
        _known(f"{where}: bound_keys", given["bound_keys"], frozenset(KeySettings.__struct_fields__))
    if isinstance(given.get("minted_ids"), dict):
        _known(f"{where}: minted_ids", given["minted_ids"], frozenset(MintingSettings.__struct_fields__))
    try:
        settings = msgspec.convert(given, GatewaySettings)
    except msgspec.ValidationError as error:
        raise InvalidConfiguration(f"{where}: {error}") from error
    if not 0 <= settings.trusted_hops <= 20:
        raise InvalidConfiguration(f"{where}: trusted_hops must lie in 0 to 20, not {settings.trusted_hops}")
    low = next((name for name, value in msgspec.structs.asdict(settings.limits).items() if value <= 0), None)
    if low is not None:
        raise InvalidConfiguration(f"{where}: limits: {low} must be greater than 0")
    if settings.limits.segment_seconds > segment.LONGEST_OPEN:
        longest = f"{segment.LONGEST_OPEN:g}"
        raise InvalidConfiguration(f"{where}: limits: segment_seconds must be at most {longest}")
    minting = settings.minted_ids
    if minting is not None and min(minting.max_age_days, minting.kept_originals) <= 0:
        raise InvalidConfiguration(
            f"{where}: minted_ids: max_age_days and kept_originals must be greater than 0"
        )
    bound = settings.bound_keys
    return msgspec.structs.replace(
        settings,
        bound_keys=None if bound is None else _checked(bound, f"{where}: bound_keys"),
        folder=folder,
        account_header=_lower(settings.account_header),
        claims_header=_lower(settings.claims_header),
        facts={field: header.lower() for field, header in settings.facts.items()},
    )


def _checked(bound: KeySettings, where: str) -> KeySettings:
    try:
        bound.networks()
        address = urlsplit(bound.base_url)
        holds = address.scheme in {"http", "https"} and bool(address.hostname)
    except ValueError as error:
        raise InvalidConfiguration(f"{where}: {error}") from error
    if not holds or address.query or address.fragment or address.username is not None:
        raise InvalidConfiguration(
            f"{where}: base_url must be like https://api.example.com, not {bound.base_url!r}"
        )
    return msgspec.structs.replace(bound, certificate_header=_lower(bound.certificate_header))


def _known(where: str, given: dict[str, Any], names: frozenset[str]) -> None:
    for name in given:
        if name not in names:
            near = get_close_matches(str(name), sorted(names), n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(names))}"
            raise InvalidConfiguration(f"{where}: unknown key {name!r}; {hint}")


def _lower(name: str | None) -> str | None:
    return name.lower() if name else None


def _toml(path: Path, text: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidConfiguration(f"{path}: {error}") from error


def _yaml(path: Path, text: str) -> object:
    try:
        import yaml  # noqa: PLC0415 - an extra; a configuration in TOML needs none
    except ModuleNotFoundError as error:
        raise InvalidConfiguration(
            f"{path}: reading YAML needs more packages: pip install 'stillwatch[live]'; or write it in TOML"
        ) from error
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidConfiguration(f"{path}: {' '.join(str(error).split())}") from error
