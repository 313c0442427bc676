"""The stage's page in a real browser on a screen of its own: Xvfb, PulseAudio, Chromium, ffmpeg."""
