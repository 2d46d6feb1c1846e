// The words of <standard-widget>, Chinese.

export const WORDS = {
  turn: "核", turnyes: "先旋转：卷积", turnno: "照原样：互相关", on: "输入", onnumbers: "数字", onphoto: "照片",
  first: "原文的 −13", second: "原文的 −8，还是 +8", sobel: "Sobel ↓", across: "Sobel →", laplace: "拉普拉斯", blur: "模糊",
  slides: "核每停一站得一个输出：对上的格子相乘，再全部相加", padded: "补了 {p} 圈零的输入", laid: "旋转 180° 的核", kept: "原样的核", output: "输出 {m}×{m}", under: "核下面的像素",
  hint: "点一格输出，或用方向键移动，看它的窗口；Esc 取消。输入和核可以改。", other: { yes: "。同一个窗口，核不旋转得 {v}。", no: "。同一个窗口，核旋转后得 {v}。" },
  short: "核比补零之后的输入还长：PyTorch 拒绝。", size: "输出 {m}×{m}。", grey: "输出里灰色是 0，亮为正，暗为负。", mean: "输出除以核中各数之和。", wait: "照片还在路上。",
};
