"""A methodology as a document for readers."""
