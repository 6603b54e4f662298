"""Channels that inherit: when they have a programme of their own, and the rundown that follows."""
