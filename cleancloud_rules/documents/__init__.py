"""Documents: parsed YAML and JSON. Each node has its location."""
