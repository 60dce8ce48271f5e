"""Completions: the facts that could still be added to a company."""
