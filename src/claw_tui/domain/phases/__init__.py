"""What ``fly deploy`` is doing, read from what it says in a pipe."""
