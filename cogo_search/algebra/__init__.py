"""The exact ground: roots of unity, monomial potentials, weights and their semi-ring. No floats, no solver."""
