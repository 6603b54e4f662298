"""A small app that serves channels from a store, with no database."""
