"""The co-operative's side of this room in the CMS: stalls, products, segments, decisions."""
