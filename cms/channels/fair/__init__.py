"""Giliran Adil: whose featured segment takes its turn in the breaks of a channel, and why."""
