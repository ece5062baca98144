"""Training runs, each a member of a population that trains as one."""
