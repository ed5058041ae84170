"""Accounts that send the same fixed text: a system prompt, or an instruction at the head, the tail or anywhere.

Sees: the share of accounts that carry a template fragment over-represented in the group. Numbers are masked
and words around the fixed text may differ in every request.
Cannot see: instructions paraphrased anew for every request.
Answers: S16, S19, S33, C12 of the public record.
Benign work that trips it: users of one app or harness, a class with one exercise, a benchmark.
Sample: `accounts send the same fixed text (share of accounts 0.97, benign groups 0.37)`.
"""

from stillwatch.features.groups import Groups, Measure
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, asking, talk
from stillwatch.linking.scene import Scene, shared_by_excess


class SharedTemplate:
    id = "shared_template"
    key = "control"
    kind = "text"
    needs = frozenset({"prompt", "system"})
    claim = "accounts send the same fixed text (share of accounts {value}, benign groups {expected})"
    floor = 0.15
    true_positives = (
        Rehearsal(
            name="one instruction before every item",
            exchange={
                "prompt": asking("Answer as a seasoned examiner would and leave nothing out: {0} {1} {2}")
            },
        ),
    )
    true_negatives = (
        Rehearsal(name="people who greet alike", exchange={"prompt": lambda moment: f"hello {talk(moment)}"}),
    )

    def observe(self, batch: Observed) -> None:
        """Nothing to keep: the graph of accounts and keys holds it."""

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        return Measure(*shared_by_excess(groups, scene.table, "text"))


DETECTOR = SharedTemplate
