"""Data as clouds of points: what preprocessing does to their shape, and what the shape costs."""
