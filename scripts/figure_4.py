"""Figures 4 and 10, orders at q = 512, 75 networks (20 minutes on 2 cores): python scripts/figure_4.py."""

from remake import remake

if __name__ == "__main__":
    remake(__doc__, "figure-4")
