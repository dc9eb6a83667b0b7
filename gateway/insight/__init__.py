"""Reading only: what happens in the threads and in the queue, as facts for people."""
