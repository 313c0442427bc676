"""From a brief of one line to script, deck, clips, announcement and plan."""
