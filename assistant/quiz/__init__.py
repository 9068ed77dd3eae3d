"""Questions and papers: made from provisions and norms, printed, exchanged, checked."""
