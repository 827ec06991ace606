"""The text twin: `plan`, `apply`, `watch` and `status` in plain lines, for scripts, screen readers and dumb terminals."""
