"""The objects of a STIX bundle."""
