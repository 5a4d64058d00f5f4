"""Routing owns competence: who must answer a complaint, and by when."""
