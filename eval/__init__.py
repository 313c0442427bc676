"""Test sets, gates, converters, benchmarks: what measures the product and is not part of it."""
