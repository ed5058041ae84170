"""The cryptography of private matching: the group from a library, the protocols here. Knows nothing of partners."""
