"""The code that reads the program's own files in `flows/`."""
