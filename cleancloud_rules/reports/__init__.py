"""Renderings of results, each of a scorecard or a ranking alone: no criteria, no facts, no engine.

One module for each document in each format; `text` holds what the text documents share.
"""
