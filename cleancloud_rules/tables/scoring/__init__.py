"""Scores all companies of tables at once: keys of facts, points of criteria, results of groups, ranks."""
