"""What a penalty does to weights: of one example's loss, of two weights, and of a linear classifier."""
