"""JSON Schemas of the files and of the results."""
