"""What the records tell of the work: the morning's report, by pure functions over rows."""
