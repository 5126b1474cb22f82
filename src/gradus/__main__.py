"""``python -m gradus``: the same door as the ``gradus`` command."""

from gradus.cli.main import main

if __name__ == "__main__":
    main()
