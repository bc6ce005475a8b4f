"""Exact global optimizers of 2-layer quadratic-activation networks on Abelian-group tasks."""

__version__ = "0.1.0"
