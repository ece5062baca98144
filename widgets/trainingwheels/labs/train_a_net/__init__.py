"""06 Train a net."""
