"""What the commands of `cnnbook.cli` print: tables and progress, with rich. No logic of evidence is here."""
