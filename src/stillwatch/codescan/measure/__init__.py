"""How well code is scanned: suites with known answers, peers, mutants, our own cases, noise and speed.

Nothing here knows how the engine works: a scanner is a function from a folder to what it reported, and Bandit is
one as much as ours is.
"""
