"""The stage on its way to platforms: picture and sound made, watched, healed, pushed, recorded."""
