"""Reads tables of facts: checks every cell, and makes normalised tables of them."""
