"""Monotonicity: proofs, decisions and counterexamples."""
