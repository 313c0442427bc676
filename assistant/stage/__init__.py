"""The stage: cues on their way to the page that shows and says them."""
