"""What viewers see: home, live, watch, guide, directory, feeds, search."""
