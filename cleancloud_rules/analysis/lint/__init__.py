"""Warnings about what is allowed and probably not meant."""
