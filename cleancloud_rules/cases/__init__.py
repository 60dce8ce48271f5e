"""Test cases of a methodology: runner, coverage and pytest plugin."""
