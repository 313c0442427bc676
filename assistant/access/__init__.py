"""Accounts, roles, sessions: who may do what."""
