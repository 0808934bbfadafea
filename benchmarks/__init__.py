"""Quality and speed, beside a naive twin in the same run. Run `python -m benchmarks`."""
