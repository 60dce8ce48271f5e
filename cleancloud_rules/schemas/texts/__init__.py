"""What is written by hand about input files: hover texts, and constraints that no type says."""
