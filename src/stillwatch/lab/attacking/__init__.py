"""What all attacks on marks share: the harvest they are given, what they hand back, and how they are found."""
