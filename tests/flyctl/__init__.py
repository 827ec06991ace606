"""Checks against the real flyctl, which talks to tests/fly_api: ``make test-flyctl FLYCTL=/path/of/flyctl``."""
