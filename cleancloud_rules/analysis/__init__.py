"""Analyses of methodologies and datasets."""
