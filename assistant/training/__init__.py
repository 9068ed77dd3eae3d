"""What trainers see: progress of what they gave, results, items, computed from the log alone."""
