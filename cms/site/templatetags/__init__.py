"""Template libraries of the viewers' site."""
