"""Lower and upper bounds of scores."""
