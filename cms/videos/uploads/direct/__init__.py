"""Uploads in parts that browsers send straight to the bucket of originals."""
