"""Diagnostics: the class, and how loaders and checks collect them."""
