"""Channels and their rundowns."""
