"""The version of the library, which every result carries."""

__version__ = "0.2.0"
