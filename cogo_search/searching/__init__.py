"""The searches behind a catalog: products, free composition, lower bounds."""
