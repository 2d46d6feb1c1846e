"""What the reader does: exercises that check what is written, and questions beside the text."""
