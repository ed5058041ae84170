"""What the processor for Envoy is made of."""
