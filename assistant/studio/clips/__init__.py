"""Guide clips as films: from sentences to a labelled MP4; the shelf of approved ones."""
