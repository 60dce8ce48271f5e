"""A published table compared with computed scores."""
