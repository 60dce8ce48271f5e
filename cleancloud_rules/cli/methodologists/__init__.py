"""Commands for methodologists."""
