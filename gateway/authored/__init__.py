"""What staff write in YAML: reading it with the line of every value, and the checks that every text passes."""
