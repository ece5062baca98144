"""05 Gradient checking."""
