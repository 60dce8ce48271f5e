"""The language of the files: from nodes of a document to objects of the model, and back to words."""
