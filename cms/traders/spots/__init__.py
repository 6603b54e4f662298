"""Spots: clips that are all about one product, from photos or from a film off a phone."""
