"""Scores tables of companies: a database encodes facts as keys, and the library answers each distinct key once."""
