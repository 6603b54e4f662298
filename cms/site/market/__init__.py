"""Pasar: the directory of markets, stalls and products. Ordering is a chat, never a checkout."""
