"""Semantic checks of a methodology."""
