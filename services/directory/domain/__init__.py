"""What the directory decides: the map, bodies, appointments, sign-in."""
