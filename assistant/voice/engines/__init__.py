"""Engines that read a sentence aloud; a chain of them is itself one."""
