"""Diagnostics: what they hold, and how they are collected."""
