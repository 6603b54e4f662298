"""Bukti Tayang: what was promised to a featured segment in a period and what became of it."""
