"""Results: what scoring and analyses return."""
