"""Arrays in, matplotlib artists out: the pictures of this lab alone."""
