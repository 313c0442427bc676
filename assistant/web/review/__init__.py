"""The review desk over HTTP: its API, and the pages that staff settle cases on."""
