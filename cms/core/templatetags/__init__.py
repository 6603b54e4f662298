"""Template library of the core."""
