"""Whether an app can be reached from the internet: the facts, and what they amount to."""
