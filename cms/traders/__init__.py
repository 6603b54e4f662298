"""Traders, stalls, products, featured segments."""
