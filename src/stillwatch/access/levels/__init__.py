"""Which level is asked of whom, by when, and what holds until then; challenges of whole clusters, and what they show."""
