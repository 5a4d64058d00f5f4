"""The portal: pages for citizens, keepers, delegates and authorities; a door without a domain and without data."""
