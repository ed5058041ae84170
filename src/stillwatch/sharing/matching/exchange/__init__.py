"""How members ask each other: signed messages, the evaluator that answers them, and the client that asks a quorum."""
