"""What trained networks learned: spectrum, factorization, families, catalog entries."""
