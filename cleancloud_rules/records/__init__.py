"""Records: a result kept with the files and the rules it follows from, and replayed from them."""
