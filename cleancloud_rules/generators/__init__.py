"""Methodologies and companies invented for tests, whatever the choices come from."""
