"""Retrieval: files in (`readers`, `ingest`), passages cut, and one ranked search over them.

Sources go into SQL with their passages (`sections`, `guide_passages`); the index follows the
outbox of the records and can be rebuilt from them at any time. Search ranks by words and by
meaning among the sources that are in force, in the region and tagged as asked (`eligibility`).
"""
