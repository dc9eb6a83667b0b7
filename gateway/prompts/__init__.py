"""What the program says by itself: the prompts that staff write, and the plan of what is due."""
