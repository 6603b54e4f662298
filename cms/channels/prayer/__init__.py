"""Prayer times of a channel's city, and what its rundown is to hold at them."""
