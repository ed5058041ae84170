"""Names for what is generated, so that no scanner can know a case by its words."""

from collections.abc import Callable, Sequence
from random import Random

NOUNS = (
    "acorn anchor arbor atlas badge barley basin beacon birch bobbin border bramble bridge bucket cabin candle canyon "
    "cargo castle cedar cellar chapel cherry cinder circle cliff clover cobalt copper coral cotton crane crater "
    "crystal cypress dahlia delta desert dock dolphin dune ember falcon fern fiddle field flint forest fossil garden "
    "garnet ginger glacier granite grove harbor hazel heron hollow island ivory jasper juniper kettle lagoon lantern "
    "lava ledger lemon linen lotus magnet maple marble marsh meadow mirror mosaic nectar needle nickel nutmeg oasis "
    "olive onyx orchard otter paddle pebble pepper pillar pine planet pocket pollen poppy prairie quarry quartz "
    "quiver rabbit raven reef ribbon ridge river rocket saddle saffron sail satin shadow silver slate sparrow spruce "
    "stable summit sunset tablet thistle thunder timber topaz tulip tundra turtle valley velvet violet walnut willow "
    "window winter zephyr"
).split()


class Words:
    """Fresh names, each given once; the same seed gives the same names."""

    def __init__(self, chance: Random, taken: frozenset[str] = frozenset()) -> None:
        self._chance = chance
        self._taken = set(taken)

    def snake(self) -> str:
        return self._fresh("_".join)

    def camel(self) -> str:
        return self._fresh(lambda pair: "".join(word.capitalize() for word in pair))

    def upper(self) -> str:
        return self._fresh(lambda pair: "_".join(pair).upper())

    def _fresh(self, joined: Callable[[Sequence[str]], str]) -> str:
        words = 2
        while (name := joined(self._chance.sample(NOUNS, words))) in self._taken:
            words = 3  # pairs run short in a large suite
        self._taken.add(name)
        return name
