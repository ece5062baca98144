"""03 Weight initialization, the flagship."""
