"""The width frontier: networks of zero loss with few hidden nodes, found by least squares over nodes of any shape."""
