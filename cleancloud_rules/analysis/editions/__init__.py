"""Differences between two editions of a methodology."""
