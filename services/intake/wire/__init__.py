"""Messages and events of intake, to and from protobuf."""
