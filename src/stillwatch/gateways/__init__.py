"""Where Stillwatch meets calls as they are made: looked at, decided about, and handed on, never kept waiting."""
