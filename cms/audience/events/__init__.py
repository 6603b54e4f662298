"""What viewers' devices saw: from a small post to the spool, and from there to the counts."""
