"""Generators: random methodologies and companies for tests, from any source of randomness."""
