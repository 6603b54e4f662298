"""What a channel airs each week: single videos, and blocks that take them from a list."""
