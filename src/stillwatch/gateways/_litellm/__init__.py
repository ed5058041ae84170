"""What the class for LiteLLM is made of."""
