"""How a fresh checkout becomes a running Siar."""
