"""Gradient checks: an analytic gradient against differences of f."""
