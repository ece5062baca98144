"""13 Seven steps."""
