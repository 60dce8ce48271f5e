"""Reports of records: what changed between two of them, and what one says for a regulation."""
