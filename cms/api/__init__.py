"""/api/v1/: JSON for other co-operatives' systems."""
