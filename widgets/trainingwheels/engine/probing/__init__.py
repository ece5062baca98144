"""Looking into somebody's own module, and leaving no trace."""
