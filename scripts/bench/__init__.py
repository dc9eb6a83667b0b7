"""Measurements, as ratios within one run. Each module is a command: `.venv/bin/python -m scripts.bench.webhook`."""
