"""Figures, tables and one page, from catalogs and runs."""
