"""What operators pay, from a file of prices with their sources."""

from pathlib import Path

import msgspec

from stillwatch.records import InvalidConfiguration
from stillwatch.records.document import Value, read

PRICES = Path(__file__).with_name("prices.yaml")
COLUMNS = ("low", "usual", "high")


class Price(msgspec.Struct, frozen=True):
    """US dollars for one."""

    low: float
    usual: float
    high: float
    source: str


class Prices(msgspec.Struct, frozen=True):
    """Of a plain account, and of an identity that is bought to verify one."""

    account: Price
    identity: Price

    def spent(self, accounts: int, identities: int) -> dict[str, float]:
        """What so many cost, by column."""
        return {
            column: accounts * getattr(self.account, column) + identities * getattr(self.identity, column)
            for column in COLUMNS
        }


def load_prices(path: Path = PRICES) -> Prices:
    """Raises InvalidConfiguration with the place of what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfiguration(f"{path}: cannot be read: {error}") from error
    whole = read(text, str(path))
    keys = whole.mapping("prices", Prices.__struct_fields__)
    if missing := [name for name in Prices.__struct_fields__ if name not in keys]:
        raise whole.place.wrong(f"prices lack {missing[0]}")
    return Prices(_price(keys["account"]), _price(keys["identity"]))


def _price(value: Value) -> Price:
    keys = value.mapping("a price", (*COLUMNS, "source"))
    if missing := [name for name in (*COLUMNS, "source") if name not in keys]:
        raise value.place.wrong(f"a price lacks {missing[0]}")
    found = []
    for column in COLUMNS:
        number = keys[column].content
        if isinstance(number, bool) or not isinstance(number, int | float) or number < 0:
            raise keys[column].place.wrong(f"{column} is an amount of dollars")
        found.append(float(number))
    if sorted(found) != found:
        raise value.place.wrong("low, usual and high rise")
    low, usual, high = found
    return Price(low, usual, high, keys["source"].words("source"))
