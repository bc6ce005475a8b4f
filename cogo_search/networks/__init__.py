"""Whole networks: weights, spectrum, loss, files."""
