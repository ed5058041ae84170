"""The operations of the service: a file for each matter, with a list OPERATIONS."""
