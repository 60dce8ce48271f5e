"""Warnings about what is allowed and probably not meant, and the one error that needs an exact decision."""
