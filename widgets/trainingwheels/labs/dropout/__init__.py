"""10 Dropout."""
