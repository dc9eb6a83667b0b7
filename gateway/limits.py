"""What is taken from outside, at the most. Known to the process that only watches over the others, so it imports nothing."""

LARGEST_BODY_BYTES = 64 * 1024
