"""What touches the world: probe, encode a chunk, cut the sound, make pictures, publish."""
