"""The named families of solutions: exact membership, fits to trained nodes, null distributions."""
