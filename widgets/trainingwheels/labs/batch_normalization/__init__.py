"""04 Batch normalization."""
