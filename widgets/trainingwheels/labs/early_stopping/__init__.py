"""15 Early stopping."""
