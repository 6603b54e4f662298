"""Channels in the CMS: the list, and a day of a channel as editors plan it."""
