"""Limits of scores in the score tree: what a group can reach at worst and at best, given what is known."""
