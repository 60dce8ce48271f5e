"""Results of criteria: why each has its points, in sentences made when they are read or kept as patterns."""
