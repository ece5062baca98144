"""16 Ensembles."""
