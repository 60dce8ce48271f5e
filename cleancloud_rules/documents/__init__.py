"""Documents: parsed YAML and JSON in which each node knows its place."""
