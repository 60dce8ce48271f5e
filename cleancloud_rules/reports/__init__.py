"""Renderings of results, each of a scorecard or a ranking alone: no criteria, no facts, no engine.

What describes a methodology is a page of neutral blocks before it comes here. One module for each document in each
format; `text` holds what the text documents share.
"""
