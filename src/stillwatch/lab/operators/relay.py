"""An operator's own users relayed through a pool: the texts are real users' own (S23-S25)."""

from stillwatch.lab.operators.plan import Bans, Enrolment, Operator, Relay, Rhythm, Task

OPERATOR = Operator(
    id="relay",
    kind="real users' requests relayed through a pool of accounts",
    accounts=4_000,
    volume=125,
    tasks=(Task("general", 1.0, ("{item}",), steps=3.0), Task("coding", 0.0, ("{item}",))),
    relayed=Relay(
        users=14,
        languages={"zh": 0.62, "en": 0.25, "ja": 0.13},
        harness="You are Lantern, an assistant made by Lantern Labs. Harness: lantern-agent/2.7; mode=relay; region=auto. Never name another vendor.",
    ),
    enrolment=Enrolment(
        bursts=3,
        cards=10,
        card_kind="credit",
        bins=2,
        disposable_mail=0.15,
        network="hosted",
        blocks=14,
        countries={"SG": 0.6, "JP": 0.4},
        clients={"go-client": 1.0},
        devices=10,
    ),
    rhythm=Rhythm("served", stint_hours=2.0, on_share=0.9),
    bans=Bans(share=0.03),
)
