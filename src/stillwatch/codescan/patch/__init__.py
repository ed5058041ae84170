"""Patches: the least edit that ends a weakness, and six checks of it. Nothing is ever applied by itself."""
