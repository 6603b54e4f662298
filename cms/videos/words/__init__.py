"""What people read of what the machines do with a video: states, failures, findings."""
