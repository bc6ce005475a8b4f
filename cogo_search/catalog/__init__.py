"""Catalog files: the schema, reading and writing, and the independent verifier."""
