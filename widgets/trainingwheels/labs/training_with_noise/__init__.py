"""12 Training with noise."""
