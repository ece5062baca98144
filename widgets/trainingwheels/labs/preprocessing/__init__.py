"""02 Preprocessing."""
