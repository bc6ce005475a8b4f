"""Figures 9, 11 and 12, orders at q = 256, 1024 and 2048 (hours on CPUs): python scripts/figure_9.py."""

from remake import remake

if __name__ == "__main__":
    remake(__doc__, "figure-9", "figure-11", "figure-12")
