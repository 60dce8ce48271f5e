"""Mutation testing of methodologies: which single changes of a methodology its test cases notice."""
