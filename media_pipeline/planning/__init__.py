"""Source facts to a plan, a plan to argument vectors. Pure."""
