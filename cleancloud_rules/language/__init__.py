"""The language of the files: parsers from documents to the model, and the model in words."""
