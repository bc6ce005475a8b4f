"""Figure 2, z by frequency with and without R_* (1 minute): python scripts/figure_2.py."""

from remake import remake

if __name__ == "__main__":
    remake(__doc__, "figure-2")
