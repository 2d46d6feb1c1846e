// The words of <convolution-lab>, Chinese.

export const WORDS = {
  turn: "核", turnyes: "先旋转：卷积", turnno: "照原样：互相关", on: "输入", onnumbers: "数字", onphoto: "照片", n: "输入尺寸", k: "核的大小", p: "填充", s: "步长",
  guess: "先猜再看", reveal: "揭晓", ask: "你猜输出尺寸 n′ 是多少？不可能就填 0。", right: "猜对了：{m}。", wrong: "你猜 {g}，其实是 {m}。", never: "不可能",
  copy: "复制为 PyTorch", copied: "已复制", reset: "回到原文的例子", table: "数据表", row: "行", column: "列", value: "值",
  input: "输入 x", kernel: "核 w", cell: "{name}，第 {i} 行第 {j} 列", first: "原文的 −13", second: "原文的 −8，还是 +8", sobel: "Sobel ↓", across: "Sobel →", laplace: "拉普拉斯", blur: "模糊",
  slides: "核每停一站得一个输出：对上的格子相乘，再全部相加", padded: "补了 {p} 圈零的输入", laid: "旋转 180° 的核", kept: "原样的核", output: "输出 {m}×{m}", under: "核下面的像素",
  hint: "点一格输出，或用方向键移动，看它的窗口；Esc 取消。输入和核可以改。", other: { yes: "同一个窗口，核不旋转得 {v}。", no: "同一个窗口，核旋转后得 {v}。" },
  short: "核比补零之后的输入还长：PyTorch 拒绝。", size: "输出 {m}×{m}。", grey: "输出里灰色是 0，亮为正，暗为负。", mean: "输出除以核中各数之和。", wait: "照片还在路上。",
};
