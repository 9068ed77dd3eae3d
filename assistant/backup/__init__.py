"""Everything that cannot be rebuilt, in one file and back."""
