"""Hypothetical facts under which the rules give a published table."""
