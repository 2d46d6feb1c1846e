// The words of <curve-explorer>, English.

export const WORDS = {
  metric: "Vertical axis",
  axis: "Horizontal axis",
  steps: "steps",
  epochs: "epochs",
  seeds: "draw every seed",
  again: "Guess again",
  test: "test",
  train: "training",
  median: "median, {part}",
  range: "test, smallest to largest",
  broken: "{k} of {n} seeds diverged",
  whole: "none of {n} seeds diverged",
  end: "at the end: test {test}, training {train}",
  guessing:
    "Drag across the plot to draw the test curve you expect; " +
    "or use the arrow keys: left and right choose a point, up and down move it.",
  at: "{x}: {y}",
  off: "your guess is off by {d} on average",
  cut: " (what leaves the picture counts as at its edge)",
  yours: "your guess",
  lost: "a seed that diverged",
  others: "test curves of the other arms",
  none: "–",
};
