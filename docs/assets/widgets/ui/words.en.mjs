// Words that figures share, English.

export const COMMON = {
  guess: "Guess first",
  reveal: "Reveal",
  copy: "Copy as PyTorch",
  copied: "Copied",
  undo: "Undo",
  reset: "Reset",
  link: "Copy link",
  unlinked: "Copying is not allowed here: the link is in the address bar.",
  table: "The numbers",
};
