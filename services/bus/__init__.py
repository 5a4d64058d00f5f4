"""Carries events from outboxes to subscribers, and lets clocks tick; knows no domain."""

import warnings

# It says so at every import; nameko stands on it, and nothing outside this folder does.
warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated")
