"""Questions beside the text, a module a topic; the page checks what the reader answers."""
