"""A log of people in New Zealand, and of some in Thailand, where the service of these tests is not offered."""

import pyarrow as pa

from stillwatch.linking.rehearsal import DAY, HOUR, START
from stillwatch.records import ACCOUNTS, EXCHANGES

HERE, THERE = "NZ", "TH"  # drawn from a hat
CLOCK = {HERE: 12, THERE: 7}
LANGUAGE = {HERE: "en-NZ,en;q=0.9", THERE: "th-TH,th;q=0.9"}
REGIONS = "version: 1\notherwise: supported\nregions:\n  - {country: TH, supported: false}\n"
RANGES = "cidr\n198.51.100.0/24\nnonsense\n"
DAYS = 18
OFFICE = (9, 10, 11, 13, 14, 16, 17)
HOME = {f"home-{number}": HERE for number in range(8)}
ABROAD = {f"abroad-{number}": THERE for number in range(6)}
PEOPLE = HOME | ABROAD


def exchanges():
    return [
        {
            "exchange_id": f"{account}/{day}/{hour}",
            "ts": START + day * DAY + (hour - CLOCK[place]) % 24 * HOUR + number * 1_000_000,
            "account_id": account,
            "prompt": f"how do I write a letter of kind {number} to somebody of age {hour}",
            "client_ip": f"192.0.2.{number + 1}",
            "asn": 64500 + number,
            "country": place,
            "accept_language": LANGUAGE[place],
        }
        for number, (account, place) in enumerate(PEOPLE.items())
        for day in range(DAYS)
        for hour in OFFICE
    ]


def accounts():
    return [
        {
            "account_id": account,
            "created_at": START - DAY,
            "valid_from": START - DAY,
            "payment_country": place,
            "payment_kind": "credit",
            "phone_country": place,
            "declared_country": HERE,
            "signup_country": place,
            "signup_ip": "192.0.2.1",
            "owner_countries": [("TH", 0.2)] if account == "home-0" else None,
        }
        for account, place in PEOPLE.items()
    ]


def table(rows, schema):
    return pa.RecordBatch.from_pylist(
        [{name: row.get(name) for name in schema.names} for row in rows], schema
    )


def exchange_batch():
    return table(sorted(exchanges(), key=lambda row: row["ts"]), EXCHANGES)


def account_batch():
    return table(accounts(), ACCOUNTS)
