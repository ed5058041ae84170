"""What the responses of this room share."""
