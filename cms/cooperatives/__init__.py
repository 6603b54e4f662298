"""The tree of co-operatives, regions, membership, roles, and who may see what."""
