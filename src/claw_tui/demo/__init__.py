"""The simulated Fly cloud, Discord and model providers."""
