"""The engine's hazards: each shown on the bare extension module, and how it is provided against."""
