"""The live room: comments of every platform in, answers out, none lost (DESIGN §2, §3)."""
