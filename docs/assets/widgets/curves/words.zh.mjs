// The words of <curve-explorer>, Chinese.

export const WORDS = {
  metric: "纵轴",
  axis: "横轴",
  steps: "步",
  epochs: "轮",
  seeds: "画出每个种子",
  again: "再猜一次",
  test: "测试",
  train: "训练",
  median: "{part}中位数",
  range: "测试最小到最大",
  broken: "{k} / {n} 个种子发散",
  whole: "{n} 个种子都没有发散",
  end: "最后：测试 {test}，训练 {train}",
  guessing: "拖动画出你猜的测试曲线，或用方向键：左右选点，上下改值。",
  at: "{x}：{y}",
  off: "你的猜测平均差 {d}",
  others: "其他各组的测试曲线",
  none: "–",
};
