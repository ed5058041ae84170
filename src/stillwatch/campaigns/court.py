"""One look at the whole population: clusters found, judged, followed, and the alarms that follow."""

from collections.abc import Mapping

import msgspec
import numpy as np

from stillwatch.campaigns.docket import FEWEST, REMEMBERED, Docket, Suspect
from stillwatch.campaigns.reference import Known, reference_groups
from stillwatch.campaigns.verdict import Verdicts, judge
from stillwatch.campaigns.weights import weights
from stillwatch.detectors import Detector
from stillwatch.features.ledger import HOUR
from stillwatch.linking.clusters import Before, find_clusters
from stillwatch.linking.firmness import firm_odds
from stillwatch.linking.growth import Membership
from stillwatch.linking.scene import Scene
from stillwatch.records import Alarm, Micros

DAY = 24 * HOUR
GREW = 1.5  # growth in accounts that is worth an alarm
QUIET = 3 * DAY
PIVOT = 0.3  # share of a campaign's traffic on a new model that is worth an alarm
SUCCESSOR_WITHIN = DAY


class Standing(msgspec.Struct):
    """What the latest look said of a suspect: its place among the look's verdicts."""

    verdicts: Verdicts
    row: int
    cluster: Membership


class Court:
    """Holds the docket and what was last said of each suspect."""

    def __init__(self, detectors: Mapping[str, Detector], fdr: float, known: Known | None = None) -> None:
        self.detectors = detectors
        self.weights = weights()
        self.docket = Docket(fdr)
        self.known = known
        self.standing: dict[int, Standing] = {}

    def look(self, scene: Scene) -> list[Alarm]:
        """Judge every cluster of the moment; returns what a live run would say now."""
        followed = self.docket.followed()
        clusters = find_clusters(
            scene.table, [Before(suspect.accounts, suspect.core) for suspect in followed]
        )
        suspected = np.zeros(len(scene.ledger), bool)
        for suspect in self.docket.campaigns():
            suspected[suspect.accounts] = True
        for cluster in clusters:
            suspected[cluster.accounts] = True
        alarms: list[Alarm] = []
        large = []
        for suspect, cluster in zip(self.docket.match(clusters, followed), clusters, strict=True):
            self._note(suspect, cluster, scene)
            if len(cluster.accounts) >= FEWEST:
                large.append((suspect, cluster))
        if large:
            reference = reference_groups(scene.table, suspected, scene.first)
            sets = [cluster.accounts for _, cluster in large]
            verdicts = judge(self.detectors, sets, reference, scene, self.weights, self.known)
            for row, (suspect, cluster) in enumerate(large):
                volume = int(scene.exchanges[cluster.accounts].sum())
                self.docket.weigh(suspect, float(verdicts.log_e[row]), volume)
                self.standing[suspect.number] = Standing(verdicts, row, cluster)
            alarms += self._open(scene)
        alarms += [
            alarm
            for suspect in self.docket.campaigns()
            if len(suspect.accounts)
            for alarm in self._follow(suspect, scene)
        ]
        return alarms

    def _note(self, suspect: Suspect, cluster: Membership, scene: Scene) -> None:
        """Take the cluster of this look into the suspect: its accounts are those most recent looks agree on."""
        cluster = msgspec.structs.replace(cluster, firm=firm_odds(scene.table, cluster.accounts))
        suspect.recent = [*suspect.recent[1 - REMEMBERED :], (scene.now, cluster)]
        for account in cluster.accounts.tolist():
            suspect.joined.setdefault(account, scene.now)
        codes = np.concatenate([seen.accounts for _, seen in suspect.recent])
        odds = np.concatenate([seen.log_odds for _, seen in suspect.recent])
        accounts, place, times = np.unique(codes, return_inverse=True, return_counts=True)
        looks = np.array([at for at, _ in suspect.recent])
        joined = np.array([suspect.joined[code] for code in accounts.tolist()])
        could = len(looks) - np.searchsorted(looks, joined)
        kept = 2 * times > could
        suspect.accounts = accounts[kept]
        suspect.log_odds = (np.bincount(place, odds) / times)[kept]

    def close(self, scene: Scene) -> None:
        """Call at the end of a log what its latest looks show and running looks were not sure enough of.

        That is no alarm: a watch that goes on would not have raised it.
        """
        for suspect in self.docket.closing():
            if suspect.opened_at is None:
                self._call(suspect, scene)

    def _open(self, scene: Scene) -> list[Alarm]:
        alarms = []
        for suspect in self.docket.rejected():
            if suspect.opened_at is not None:
                continue
            self._call(suspect, scene)
            days = (scene.now - int(scene.first[suspect.accounts].min())) / DAY
            summary = f"{suspect.told} accounts act as one; first seen {days:.1f} days ago"
            alarms.append(self._alarm(suspect, scene, "opened", summary))
        return alarms

    def _call(self, suspect: Suspect, scene: Scene) -> None:
        suspect.opened_at, suspect.opened_with = scene.now, suspect.accounts
        suspect.told = len(suspect.accounts)
        suspect.campaign_id = f"campaign-{len(self.docket.campaigns()):03d}"

    def _follow(self, suspect: Suspect, scene: Scene) -> list[Alarm]:
        alarms = []
        if len(suspect.accounts) >= GREW * suspect.told:
            alarms.append(
                self._alarm(
                    suspect, scene, "grew", f"from {suspect.told} to {len(suspect.accounts)} accounts"
                )
            )
            suspect.told = len(suspect.accounts)
        last = int(scene.last[suspect.accounts].max(initial=0))
        if scene.now - last > QUIET and not suspect.quiet:
            alarms.append(
                self._alarm(suspect, scene, "quiet", f"no exchange for {(scene.now - last) / DAY:.0f} days")
            )
        suspect.quiet = scene.now - last > QUIET
        return alarms + self._replacements(suspect, scene) + self._pivots(suspect, scene)

    def _replacements(self, suspect: Suspect, scene: Scene) -> list[Alarm]:
        heirs, began = set[int](), scene.first[suspect.accounts]
        replaced = 0
        for at, account in scene.bans:
            if account not in suspect.joined or account in suspect.replaced:
                continue
            after = suspect.accounts[(began > at) & (began <= at + SUCCESSOR_WITHIN)]
            if len(after):
                suspect.replaced.add(account)
                heirs.update(after.tolist())
                replaced += 1
        if not replaced:
            return []
        summary = f"{len(heirs)} accounts began within a day of a ban ({replaced} banned)"
        return [self._alarm(suspect, scene, "replaced", summary)]

    def _pivots(self, suspect: Suspect, scene: Scene) -> list[Alarm]:
        alarms = []
        for number, (at, _) in enumerate(scene.releases):
            counts = scene.moved(number)
            if at in suspect.followed or scene.now > at + 7 * DAY:
                continue
            everything, moved = counts[suspect.accounts].sum(axis=0)
            if everything and moved >= PIVOT * everything:
                suspect.followed[at] = scene.now
                share = moved / everything
                alarms.append(
                    self._alarm(
                        suspect, scene, "pivoted", f"{share:.0%} of its traffic went to the new model"
                    )
                )
        return alarms

    def _alarm(self, suspect: Suspect, scene: Scene, kind: str, summary: str) -> Alarm:
        return Alarm(
            ts=Micros(scene.now),
            campaign_id=suspect.campaign_id or "",
            kind=kind,
            accounts=len(suspect.accounts),
            exchanges_so_far=int(scene.exchanges[suspect.accounts].sum()),
            log_e_value=suspect.best,
            summary=summary,
        )
