"""What all streams share."""
