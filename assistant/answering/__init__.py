"""Answering: question in, grounded outcome out.

`flow.answer` is the heart: evidence, drafts, verdict, outcome. A question is understood
(`understand`: parts, fields asked, item, region), each route drafts from what it owns (fields,
verbatim clauses, FAQs), the words are checked against their quotes (`verify`), and `decide` turns
the measured support into a verdict. `decide` is pure; no route decides for itself.
"""
