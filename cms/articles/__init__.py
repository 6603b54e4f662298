"""Pages and their blocks."""
