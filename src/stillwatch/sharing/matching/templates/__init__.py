"""Templates of campaigns as keyed sketches: what is still the same when all accounts have been replaced."""
