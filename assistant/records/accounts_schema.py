"""The tables of accounts, logins and the audit chain. The rules of `schema` hold here too.

Secrets are never stored: passwords as argon2, tokens as SHA-256. Digests are hexadecimal text.
"""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from assistant.records.schema import UtcDateTime, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("regions", Text, nullable=False),
    Column("is_outsourced", Boolean, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("password_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    UniqueConstraint("organization_id", "name", name="accounts_name"),
)

account_sessions = Table(
    "account_sessions",
    metadata,
    Column("token_digest", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("account_id", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("account_sessions_of_account", "organization_id", "account_id"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("account_id", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("token_digest", String, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    UniqueConstraint("token_digest", name="api_tokens_digest"),
)

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("blocked_until", UtcDateTime),
)

audit = Table(
    "audit",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("payload_digest", String, nullable=False),
    Column("previous", String, nullable=False),
    Column("digest", String, nullable=False),
)

audit_payloads = Table(
    "audit_payloads",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("salt", String, nullable=False),
    Column("body", Text, nullable=False),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("digest", String, nullable=False),
)
"""The newest link of each chain. Its row is the lock that puts writers in order."""
