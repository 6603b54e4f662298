"""Siar's CMS: what people decide."""
