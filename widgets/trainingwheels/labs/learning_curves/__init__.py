"""07 Learning curves."""
