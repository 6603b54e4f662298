"""The queue of tasks: what waits, in which order, who claims it, and when it will be ready."""
