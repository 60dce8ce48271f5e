"""Scoring: from fired rules to points, scores and ranks."""
