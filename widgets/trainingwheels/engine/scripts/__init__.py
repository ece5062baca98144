"""Settings as short plain scripts in NumPy and PyTorch: what a learner takes home."""
