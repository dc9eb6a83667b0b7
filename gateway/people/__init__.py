"""Who takes part, what they agreed to, and who asked us to stop."""
