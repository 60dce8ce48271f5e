"""Spark as the database that holds tables of facts: statements are translated, and run on a session of the user's."""
