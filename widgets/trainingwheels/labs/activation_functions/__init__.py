"""01 Activation functions."""
