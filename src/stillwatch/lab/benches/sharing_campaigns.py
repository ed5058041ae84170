"""How soon a campaign that was found is with a partner: the whole way, each time, with its stages.

A log is simulated and `stillwatch detect` finds its campaigns. From there each one is made a finding anew, with training
compute, and with sketches and tokens through a quorum whose evaluators are processes of their own; it passes the release
gate, is projected to STIX, signed, and pushed over HTTP to a server in another process. The partner's client pulls it,
checks its signature, and stix2-validator looks at each object of it. The clock runs from before the finding is made until
the validator has found no error. Campaigns are taken in turn, so that later ones are new versions of the same objects.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from stillwatch import cases
from stillwatch.cases.api import Tenant
from stillwatch.features.key import load_key
from stillwatch.lab.benches import Tell
from stillwatch.lab.benches.trials import Traffic, detection_folder, tried
from stillwatch.lab.partners import Partners
from stillwatch.lab.served.sharing import PARTNER, TENANT
from stillwatch.records import InvalidConfiguration, Micros, StillwatchError
from stillwatch.sharing import finding as sharing
from stillwatch.sharing import formats, taxii
from stillwatch.sharing.composing import Audience, Terms, compose
from stillwatch.sharing.matching.tokens import Asking

VALIDATOR = "3.2.0"
ALIAS = "campaigns"
RECIPIENT = "partner"
POLICY = Path(__file__).with_name("sharing_policy.yaml")
STAGES = ("finding", "release", "push", "pull", "verify", "validate")


class Sent(NamedTuple):
    """One campaign at the partner: seconds by stage, and what it held."""

    seconds: dict[str, float]
    accounts: int
    objects: int
    sketched: int
    tokens: int

    @property
    def total(self) -> float:
        return sum(self.seconds.values())


class Way:
    """Everything between a detection and a partner."""

    def __init__(
        self, root: Path, traffic: Traffic, store: Path, url: str, token: str | None, tell: Tell
    ) -> None:
        require_validator()
        tried(root, traffic, tell)
        self.log = root / traffic.folder / "log"
        self.found = detection_folder(root, traffic)
        self.campaigns = sorted(sharing.Folder(self.found).campaigns)
        if not self.campaigns:
            raise StillwatchError(f"nothing was found in {traffic.folder}: there is no campaign to send")
        self._labs = Partners()
        self._root = root
        self._token = token
        self._place = f"{url}/taxii2/{TENANT}/collections/{_collection(store)}/"
        self._policy = sharing.load_policy(POLICY)
        self._signing = sharing.new_key(Micros(time.time_ns() // 1000))
        self._checking = self._signing.public

    @contextmanager
    def open(self) -> Iterator[Tenant]:
        """With the evaluators running, and lab A's own store."""
        with ExitStack() as stack:
            folder = self._labs.write(self._root / f"labs-{self._labs.keys['lab-a'].key_id}")
            stack.enter_context(self._labs.evaluating(folder))
            store = stack.enter_context(cases.open_store(f"sqlite:///{self._root}/lab-a.db"))
            yield store.tenant()

    def send(self, tenant: Tenant, campaign_id: str) -> Sent:
        """One campaign, from its findings on disk to a partner that believes it. Raises StillwatchError where it does not."""
        clock = _Clock()
        key = load_key(self.found)
        asking = Asking(self._labs.identities["lab-a"], self._labs.roster, self._labs.keys["lab-a"])
        made = compose(
            sharing.Folder(self.found, log=self.log),
            campaign_id,
            Audience(self._policy, RECIPIENT),
            key=key,
            said=sharing.Said(),
            terms=Terms(),
            asking=asking,
        )
        clock.passed("finding")
        keys = sharing.release_keys(key, tenant.clock())
        gate = sharing.Gate(tenant, self._policy, self._signing, keys, by="bench")
        release = gate.release(made.finding, RECIPIENT, formats.collection_files, reason="a bench")
        objects = formats.with_signature(release.view, release.files)
        clock.passed("release")
        asyncio.run(self._push(objects))
        clock.passed("push")
        path = asyncio.run(self._pull())
        clock.passed("pull")
        arrived = self._believed(path, objects)
        clock.passed("verify")
        _validate(arrived)
        clock.passed("validate")
        finding = release.view.finding
        assert finding.cluster is not None
        assert finding.cluster.accounts is not None
        return Sent(
            clock.seconds,
            int(finding.cluster.accounts.value),
            len(arrived),
            sum(len(one.tokens) for one in finding.template_sketches),
            len(finding.match_tokens),
        )

    async def _push(self, objects: Sequence[Mapping[str, object]]) -> None:
        async with taxii.Peer(token=self._token) as peer:
            told = await taxii.push(peer, self._place, [msgspec.json.encode(one) for one in objects])
        if told.refused:
            raise StillwatchError(f"objects were refused: {told.refused[0]}")

    async def _pull(self) -> Path:
        async with taxii.Peer(token=self._token) as peer:
            (pulled,) = await taxii.pull(peer, self._place, self._root / "partner-pulled", deletions=False)
        return pulled.path

    def _believed(self, path: Path, sent: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
        """The release as it came, once its signature holds."""
        now = Micros(time.time_ns() // 1000)
        standing = [formats.judged(body, now) for body in taxii.Held(path).current()]
        if refused := [one.refusal for one in standing if one.refusal is not None]:
            raise StillwatchError(f"the partner refuses an object: {refused[0]}")
        report = next(str(one["id"]) for one in sent if one["type"] == "report")
        found = formats.releases((one.content for one in standing), [self._checking], now)
        release = next(one for one in found if one.report == report)
        if release.refusal is not None or len(release.objects) != len(sent):
            raise StillwatchError(f"what the partner has is not what was sent: {release.refusal}")
        return release.objects


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def passed(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage], self._since = now - self._since, now


def require_validator() -> None:
    """Raises InvalidConfiguration where the validator is missing: without it nothing is validated."""
    try:
        import stix2validator  # noqa: F401, PLC0415 - of tests and benches alone
    except ModuleNotFoundError as missing:
        raise InvalidConfiguration(
            f"the bench needs the validator of OASIS: pip install 'stix2-validator=={VALIDATOR}'"
        ) from missing


def by_stage(sent: Sequence[Sent]) -> dict[str, list[float]]:
    out: defaultdict[str, list[float]] = defaultdict(list)
    for one in sent:
        for stage, seconds in one.seconds.items():
            out[stage].append(seconds)
    return dict(out)


def _validate(objects: Sequence[Mapping[str, object]]) -> None:
    import stix2validator  # noqa: PLC0415 - of tests and benches alone

    whole = {
        "type": "bundle",
        "id": str(objects[0]["id"]).replace("report", "bundle"),
        "objects": list(objects),
    }
    found = stix2validator.validate_instance(whole, stix2validator.ValidationOptions(version="2.1"))
    if found.errors:
        raise StillwatchError(f"the validator finds errors: {found.errors[0]}")


def _collection(store: Path) -> str:
    """A collection for releases alone, which the partner may write and read; made once."""
    with cases.open_store(f"sqlite:///{store}/cases.db", audit_key=store / "audit.key") as opened:
        tenant = opened.tenant(TENANT)
        taxii.add_collection(tenant, "Campaigns", alias=ALIAS, by="lab")
        taxii.grant(tenant, ALIAS, PARTNER, read=True, write=True, by="lab")
        return taxii.house_shelf(tenant, ALIAS).collection_id
