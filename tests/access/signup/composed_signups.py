"""Sign-ups for tests: everyday ones over weeks, and a lot that one operator opens in an hour."""

import random

import pyarrow as pa

from stillwatch.access.signup import SIGNUPS
from stillwatch.features.key import SketchKey

KEY = SketchKey(b"k" * 32)
DAY = 86_400_000_000
START = 20_000 * DAY  # midnight in UTC


def everyday(count, days=40, seed=1):
    """People over some weeks, no two of whom share more than a bank, a host or a household."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        home = f"10.{chance.randrange(40)}.{chance.randrange(250)}.7"
        rows.append(
            {
                "account_id": f"person-{seed}-{number}",
                "created_at": START + int(chance.random() * days * DAY),
                "email_domain": chance.choice(
                    ["gmail.com", "outlook.com", f"firm{chance.randrange(400)}.test"]
                ),
                "email_hash": f"mail-{seed}-{number}",
                "phone_hash": f"phone-{seed}-{number}",
                "payment_fp": f"card-{seed}-{number - number % 2 * (chance.random() < 0.1)}",
                "payment_kind": chance.choice(["credit"] * 5 + ["debit"] * 3 + ["prepaid"]),
                "payment_bin": str(400_000 + chance.randrange(30)),
                "signup_ip": home,
                "device_id": f"device-{seed}-{number - number % 2 * (chance.random() < 0.1)}",
                "referral": chance.choice([None, None, "friend", "search"]),
                "mail_look": chance.choice(["plain"] * 8 + ["numbered"]),
                "mail_shape": f"shape-{chance.randrange(20)}",
                "mail_stem": f"stem-{seed}-{number}",
                "phone_kind": chance.choice(["mobile"] * 9 + ["virtual"]),
                "kyc_level": chance.choice([0, 1, 1]),
            }
        )
    return rows


def lot(size, at=START + 35 * DAY + DAY // 3, name="lot", **fields):
    """Accounts that one operator opens within an hour, on a few cards and devices."""
    return [
        {
            "account_id": f"{name}-{number}",
            "created_at": at + number * DAY // 24 // size,
            "email_domain": "mailinator.com",
            "email_hash": f"{name}-mail-{number}",
            "phone_hash": f"{name}-phone-{number // 10}",
            "payment_fp": f"{name}-card-{number // 8}",
            "payment_kind": "prepaid",
            "payment_bin": "519999",
            "signup_ip": f"203.0.113.{number % 200 + 1}",
            "device_id": f"{name}-device-{number // 6}",
            "mail_look": "random",
            "phone_kind": "virtual",
            "kyc_level": 0,
            **fields,
        }
        for number in range(size)
    ]


def table(rows):
    return pa.Table.from_pylist(rows, schema=SIGNUPS)
