"""The author's command `diwan-rules`: one file per command, and `app` that puts them behind one name."""
