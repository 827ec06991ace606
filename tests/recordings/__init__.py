"""What the real OpenClaw says, answers and how long it takes, recorded; and the scenes with which it is recorded.

``make recordings`` records anew. The simulated gateway is held against the files here (tests/demo), and so is the real
one (tests/real).
"""
