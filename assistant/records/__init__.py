"""Records: the SQL truth behind everything that can be rebuilt (SQLite or PostgreSQL).

`Database` opens a database and brings it to the newest migration. Repositories read and write
domain values; no SQLAlchemy type leaves this room. Tables are in `schema`, changes to them in
`migrations/versions`, the index outbox is what `retrieval` follows to stay up to date.
"""
