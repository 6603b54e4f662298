"""Fields of the editorial rows that people fill in their own way: captions, timecodes."""
