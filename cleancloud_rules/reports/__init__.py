"""Renderers of results. Each needs only the result, and no criteria, facts or engine.

The folder `text` builds the documents, one module for each, with `base` for what they share. The folder `outline` says
what a document is, and writes it as text, Markdown or HTML. `csv_tables` makes tables, and the folder `pages` the pages
for a browser.
"""
