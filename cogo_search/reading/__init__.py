"""Networks from anybody's files: which tensors they are, which way round, at which scale."""
