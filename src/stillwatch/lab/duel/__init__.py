"""A simulated log played against a running watch, call by call in event time: who gets what, and who is met."""
