"""Who is asking: regions, ownership, sign-up checks and verification."""
