"""The review desk: what the product is not sure of, a person settles; see decisions/0021."""
