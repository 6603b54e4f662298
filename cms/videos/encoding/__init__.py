"""Encoding: whose turn it is, who holds a task, what a worker does with it and how it ends."""
