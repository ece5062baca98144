"""17 Transfer learning."""
