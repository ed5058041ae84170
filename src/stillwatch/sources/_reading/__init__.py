"""How logs are read: what the formats of the folder above share. No format is here."""
