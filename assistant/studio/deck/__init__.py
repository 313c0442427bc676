"""Decks: one layout of measured boxes, drawn as PPTX, as markup for the stage, and as PDF."""

from assistant.studio.deck.fitting import DoesNotFit, fitted
from assistant.studio.deck.html import render_html, slide_markup
from assistant.studio.deck.own_file import UnusableTemplate
from assistant.studio.deck.own_template import OnTemplate, render_on_template
from assistant.studio.deck.pdf import render_pdf
from assistant.studio.deck.pptx_file import render_pptx

__all__ = [
    "DoesNotFit",
    "OnTemplate",
    "UnusableTemplate",
    "fitted",
    "render_html",
    "render_on_template",
    "render_pdf",
    "render_pptx",
    "slide_markup",
]
