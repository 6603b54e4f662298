"""Readers of what a publication is made of: boxes, samples, playlists, WebVTT."""
