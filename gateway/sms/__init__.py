"""The text itself, pure: what it costs, what it says as a command, whose number it bears, when it may go."""
