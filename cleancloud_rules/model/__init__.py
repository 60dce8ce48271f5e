"""The model: what a methodology declares and what a dataset states."""
