"""What the reports share: words, safe text, the document, the terminal summary, and putting files in place."""
