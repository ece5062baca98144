"""08 Optimizers."""
