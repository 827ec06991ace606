"""What a failed run is about, and what helps: plain functions of what is known of it."""
