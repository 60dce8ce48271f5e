"""The formatter of files."""
