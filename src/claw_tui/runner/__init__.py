"""The detached process that carries a plan out, its job folder, and the client that watches it."""
