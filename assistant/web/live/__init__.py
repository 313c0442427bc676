"""Pages and sockets of the live rooms: stage, viewers' page, console, and pushes of platforms."""
