"""What happens: reading the world, planning, carrying out, proving."""
