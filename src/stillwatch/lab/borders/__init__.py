"""Composed accounts on both sides of a regions file: people at home and abroad, and those who hide where they are.

Made to measure the verdict on regions, and from other parts than it is made of: people are followed from one
call to the next, with journeys, leases, habits and mistakes; no share of findings is drawn from a table. Which countries are
unsupported is drawn by chance for each seed.
"""
