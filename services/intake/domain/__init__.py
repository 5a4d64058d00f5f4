"""What intake decides: numbers, secrets, leaves, filings, the life of registers and complaints."""
