"""What the forms have in common."""
