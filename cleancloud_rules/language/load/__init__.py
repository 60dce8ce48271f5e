"""Loaders, one for each kind of file."""
