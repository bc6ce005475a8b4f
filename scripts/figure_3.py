"""Figure 3, the dynamics of the potentials (10 seconds): python scripts/figure_3.py."""

from remake import remake

if __name__ == "__main__":
    remake(__doc__, "figure-3")
