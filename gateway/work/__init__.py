"""The edges that work the queue: jobs, the two dispatchers that ring for them, and the ticks of the clock."""
