"""Sign-up checks: who among new accounts looks like one of many that one operator makes."""
