"""How staff change what the program says: files are proposed, read through, shown as a difference, then put in use."""
