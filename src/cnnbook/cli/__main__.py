"""``python -m cnnbook.cli``, where the ``cnnbook`` command is not on the path."""

from cnnbook.cli import main

if __name__ == "__main__":
    main()
