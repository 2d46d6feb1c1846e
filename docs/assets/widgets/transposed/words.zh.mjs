// The words of <transposed-widget>, Chinese.

export const WORDS = {
  o: "", d: "膨胀率",
  output: "输出 y",
  ones: "核全填 1", count: "核填 1、2、3……", refused: "PyTorch 拒绝这组设置：",
  scatters: "盖章：每个像素把整个核乘上自己的值盖到输出上，重叠处相加", gathers: "收集：插零、补零之后的输入；旋转 180° 的核每次挪一格", matrices: "矩阵 C（{r}×{c}）：第 i 行是第 i 个像素的印章；输出 j 是第 j 列与 x 的内积",
  rotated: "旋转后的核", stretched: "插零、补零之后的输入", play: "播放", pause: "暂停", by: "逐步", stamps: "一枚印章一步", cells: "一个输出一步", step: "{t} / {all}",
  hint: "点一格，或用方向键移动，看它由谁算出；Esc 取消。输入和核可以改。", size: "输出 {m}。", none: "：没有印章够得着", paints: "{x} 盖住 {c} 格，从 y[{a}] 到 y[{b}]", cut: "{x} 的印章全被裁掉",
  collide: "同样设置的卷积把 {sizes} 都变成 {n}；output_padding 选其中一个：", beyond: "output_padding 不小于步长：{m} 不在其中，卷积回不到 {n}。", compose: "再做一次同样设置的卷积：形状和数值回来吗？",
  back: "conv(y) 的尺寸是 {b}，{same}。数值{values}。", same: "与输入的 {n} 相同", other: "不是输入的 {n}", equal: "碰巧与输入相同", differ: "回不来：卷积是转置卷积的伴随，不是它的逆", short: "y 补零之后比核还短，做不了卷积。",
};
