"""14 Search."""
