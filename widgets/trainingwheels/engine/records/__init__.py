"""Runs from and to files, and what their curves say."""
