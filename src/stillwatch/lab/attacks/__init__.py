"""What an attacker does to marked answers before, while or after a student learns from them; one attack a file."""
