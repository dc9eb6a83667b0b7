"""What guards young people and the program: floods and loops, and what staff hold, release or discard."""
