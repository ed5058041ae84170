"""Students: models that are really trained, small enough to be trained in a test, on text with a known marked share."""
