"""Files for who runs the service: systemd units, a compose file, a container file."""
