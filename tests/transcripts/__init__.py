"""What flyctl says, recorded from the real one, and held against the simulated one."""
