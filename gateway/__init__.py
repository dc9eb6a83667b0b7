"""Passerelle: an SMS-first mentoring gateway. `intake.py` and `outreach.py` tell what it does."""
