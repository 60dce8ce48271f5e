"""Small worlds: methodologies over small domains whose companies can all be listed, with generators of their own."""
