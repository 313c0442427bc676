"""What staff hand out and show, made from the facts of guides and clauses."""
