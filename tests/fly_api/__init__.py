"""Fly.io's API on loopback, over the simulated cloud: what the real flyctl talks to in tests."""
