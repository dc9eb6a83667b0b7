"""Accounts of staff: passwords, links, sessions, second factors, and the end of guessing. Whoever calls audits."""
