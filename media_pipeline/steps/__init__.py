"""What touches the world: probe, encode a chunk, make a storyboard, publish."""
