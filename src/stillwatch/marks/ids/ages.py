"""How old an id may be."""

DAY = 86_400  # seconds
MAX_AGE = 90 * DAY  # the longest that features are kept anywhere: an older conversation is no live pipeline
