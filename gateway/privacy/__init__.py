"""What is kept, who looked at it, and how it goes away."""
