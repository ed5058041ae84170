"""Every wording of this simulator: `{a|b}` varies by request, `[[a|b]]` is settled once by an author, `%x%` are slots."""
