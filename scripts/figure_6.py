"""Figure 6, convergence paths of z_c (1 minute): python scripts/figure_6.py."""

from remake import remake

if __name__ == "__main__":
    remake(__doc__, "figure-6")
