"""A rundown and a moment to the playlist that a channel shows. Pure."""
