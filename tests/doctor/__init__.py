"""The doctor and the broken worlds that hold it honest."""
