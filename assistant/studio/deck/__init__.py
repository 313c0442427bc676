"""Decks: one layout of measured boxes, drawn as PPTX, as markup for the stage, and as PDF."""

from assistant.studio.deck.fitting import DoesNotFit, fitted
from assistant.studio.deck.html import render_html, slide_markup
from assistant.studio.deck.pptx_file import render_pptx

__all__ = ["DoesNotFit", "fitted", "render_html", "render_pptx", "slide_markup"]
