"""Cross-check: a second evaluation of every rule, independent of the engine, with arithmetic of its own.

It is compiled once per methodology, to plain functions over the values of facts, without cells and without the engine.
"""
