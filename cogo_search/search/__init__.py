"""Generators, the product model, the free model, orbits and bounds: what the catalog is made from."""
