"""Partitions of the values of set fields, and boxes of the values of several fields."""
