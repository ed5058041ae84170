"""Who takes part in private matching, and the keys of an epoch, which the members deal together."""
