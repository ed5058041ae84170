"""Real gateways as processes on this machine, in front of the small provider: for benchmarks and tests."""
