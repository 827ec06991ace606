"""Reusable widgets; they know domain types only."""
