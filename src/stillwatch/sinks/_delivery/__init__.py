"""What all sinks share: the shapes of a notice, and the outbox that sees to its delivery."""
