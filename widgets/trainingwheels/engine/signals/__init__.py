"""A signal through a deep net at its initialization, and its gradient back."""
