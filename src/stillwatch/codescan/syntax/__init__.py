"""Python source as a tree, whatever Python it was written for and whatever Python reads it."""
