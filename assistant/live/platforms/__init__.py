"""Where comments come from: one connector a platform, and the reading of recordings."""
