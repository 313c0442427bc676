"""Work that is done again and again, or survives the process that began it."""
