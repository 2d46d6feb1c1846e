// Words that figures share, Chinese.

export const COMMON = {
  guess: "先猜再看", reveal: "揭晓", right: "猜对了：{m}。", wrong: "你猜 {g}，其实是 {m}。", copy: "复制为 PyTorch", copied: "已复制", reset: "回到原文的例子",
  axes: "维数", axes1: "一维", axes2: "二维", n: "输入尺寸", k: "核的大小", s: "步长", p: "填充", input: "输入 x", kernel: "核 w", cell: "{name}，第 {i} 行第 {j} 列", and: "、",
  ask: "你猜输出尺寸 n′ 是多少？不可能填 0。", never: "不可能", table: "数据表", row: "行", column: "列", value: "值",
};
