"""What the views of this lab show."""
