"""Renderers of results. Each needs only the result, and no criteria, facts or engine.

There is one module for each document and format. The folder `text` holds the text documents, and its module `base`
their common layout.
"""
