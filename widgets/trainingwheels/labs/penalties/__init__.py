"""09 Penalties."""
