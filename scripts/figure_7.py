"""Figure 7, the perturbed order-6 block, from the exact construction: python scripts/figure_7.py."""

from remake import remake

if __name__ == "__main__":
    remake(__doc__, "figure-7")
