"""The life of a text that leaves: enqueue, claim, send, record. Nothing else makes or moves an outbound row."""
