"""What the paper proves of gradient descent and of paths of zero loss, in formulas that can be evaluated."""
