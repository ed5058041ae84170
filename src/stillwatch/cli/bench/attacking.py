"""The bench of attacks on marks."""

from stillwatch.cli.bench.options import FirstSeed, Json, Quick, Seeds
from stillwatch.cli.bench.run import bench


def attacks_command(
    seeds: Seeds = 3,
    first_seed: FirstSeed = 9000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
) -> None:
    """What attacks leave of each mark, and what they cost who makes them."""
    from stillwatch.lab.benches import attacks  # noqa: PLC0415 - slow to import, and only this command needs it

    numbers = [first_seed + number for number in range(1 if quick else seeds)]
    bench(lambda _root, tell: attacks.measure(numbers, tell, quick=quick), None, json, quick=quick)


def realistic_command(
    seeds: Seeds = 1,
    first_seed: FirstSeed = 9000,
    quick: Quick = False,  # noqa: FBT002 - a flag of the command line
    json: Json = None,
) -> None:
    """Marks in sentences of a small language model, and what its paraphrase leaves of both (extra `smollm`)."""
    from stillwatch.lab.benches import realistic  # noqa: PLC0415 - slow to import, and only this command needs it

    numbers = [first_seed + number for number in range(1 if quick else seeds)]
    bench(lambda _root, tell: realistic.measure(numbers, tell, quick=quick), None, json, quick=quick)


COMMANDS = {"attacks": attacks_command, "realistic": realistic_command}
