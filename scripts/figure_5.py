"""Figure 5, free parameters of the matched families (3 minutes): python scripts/figure_5.py."""

from remake import remake

if __name__ == "__main__":
    remake(__doc__, "figure-5")
