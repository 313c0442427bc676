"""RTMP, as much of it as a publisher needs: handshake, chunks, commands, H.264 and AAC."""
