"""The author's command: `diwan-rules`, or `python -m diwan_rules`."""

import sys

LACKING = "diwan-rules needs {name}: python -m pip install 'diwan-rules[author]'"


def main() -> None:
    """Run the author's command, or say what is lacking for it."""
    try:
        from diwan_rules.author import app
    except ModuleNotFoundError as error:
        sys.exit(LACKING.format(name=error.name))
    app.main()


if __name__ == "__main__":
    main()
