"""Commands: one module each, imported only when it runs (cold start).

A command reads its arguments, opens what it needs through `bootstrap` and prints; `--json` prints
the same for programs.
"""
