"""What comes from others: read with limits, and refused with a reason."""
