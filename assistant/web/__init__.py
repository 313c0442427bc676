"""Web: the HTTP API, the OpenAI-shaped endpoint, the pages, the metrics.

Routes translate: a request into a domain value, an outcome into JSON or HTML, an error of the
product's tree into problem+json. What they need of the assistant is in `services`.
"""
