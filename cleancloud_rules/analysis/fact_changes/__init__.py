"""What added and removed facts change for companies: points, scores and ranks, before anything is written."""
