"""The queue at work: both dispatchers, real processes, real sockets, and everything that can be taken from them."""
