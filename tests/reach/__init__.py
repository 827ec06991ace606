"""The ways to a private gateway."""
