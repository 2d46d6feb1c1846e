// The words of <transposed-lab>.

export const WORDS = {
  zh: {
    axes: "维数", one: "一维", two: "二维", n: "输入尺寸", k: "核的大小", s: "步长", p: "填充", o: "", d: "膨胀率",
    guess: "先猜再看", reveal: "揭晓", ask: "你猜输出尺寸 n′ 是多少？不可能就填 0。", right: "猜对了：{m}。", wrong: "你猜 {g}，其实是 {m}。", never: "不可能",
    copy: "复制为 PyTorch", copied: "已复制", reset: "回到原文的例子", input: "输入 x", kernel: "核 w", output: "输出 y", cell: "{name}，第 {i} 行第 {j} 列",
    ones: "核全填 1", count: "核填 1、2、3……", refused: "PyTorch 拒绝这组设置：",
    scatters: "盖章：每个像素把整个核乘上自己的值盖到输出上，重叠处相加", gathers: "收集：插零、补零之后的输入；旋转 180° 的核每次挪一格", matrices: "矩阵 C（{r}×{c}）：第 i 行是第 i 个像素的印章；输出 j 是第 j 列与 x 的内积",
    rotated: "旋转后的核", stretched: "插零、补零之后的输入", play: "播放", pause: "暂停", by: "逐步", stamps: "一枚印章一步", cells: "一个输出一步", step: "{t} / {all}",
    hint: "点一格，或用方向键移动，看它由谁算出；Esc 取消。输入和核可以改。", size: "输出 {m}。", none: "：没有印章够得着", paints: "{x} 盖住 {c} 格，从 y[{a}] 到 y[{b}]", cut: "{x} 的印章全被裁掉",
    collide: "同样设置的卷积把 {sizes} 都变成 {n}；output_padding 选其中一个：", beyond: "output_padding 不小于步长：{m} 不在其中，卷积回不到 {n}。", compose: "再做一次同样设置的卷积：形状和数值回来吗？",
    back: "conv(y) 的尺寸是 {b}，{same}。数值{values}。", same: "与输入的 {n} 相同", other: "不是输入的 {n}", equal: "碰巧与输入相同", differ: "回不来：卷积是转置卷积的伴随，不是它的逆", short: "y 补零之后比核还短，做不了卷积。",
    and: "、", table: "数据表", row: "行", column: "列", value: "值",
  },
  en: {
    axes: "Dimensions", one: "1-D", two: "2-D", n: "input size", k: "kernel size", s: "stride", p: "padding", o: "", d: "dilation",
    guess: "Guess first", reveal: "Reveal", ask: "What is the output size n′? If it is impossible, say 0.", right: "Right: {m}.", wrong: "You said {g}; it is {m}.", never: "impossible",
    copy: "Copy as PyTorch", copied: "Copied", reset: "Back to the source's example", input: "input x", kernel: "kernel w", output: "output y", cell: "{name}, row {i}, column {j}",
    ones: "a kernel of ones", count: "a kernel of 1, 2, 3 …", refused: "PyTorch refuses these settings:",
    scatters: "Scatter: each pixel stamps the whole kernel, times its value, onto the output; overlaps are added", gathers: "Gather: the input with zeros between and around; the kernel, rotated by 180°, moves one cell at a time", matrices: "Matrix C ({r}×{c}): row i is the stamp of pixel i; output j is column j times x",
    rotated: "rotated kernel", stretched: "input with zeros between and around", play: "Play", pause: "Pause", by: "Step", stamps: "by stamps", cells: "by outputs", step: "{t} of {all}",
    hint: "Click a cell, or move with the arrow keys, to see what makes it; Esc lets go. Input and kernel can be edited.", size: "Output {m}. ", none: ": no stamp reaches it", paints: "{x} paints {c} cells, from y[{a}] to y[{b}]", cut: "the stamp of {x} is cropped away",
    collide: "A convolution with these settings maps {sizes} all to {n}; output_padding chooses among them:", beyond: "output_padding is not below the stride: {m} is none of them, and the convolution does not lead back to {n}.", compose: "Convolve again with the same settings: do shape and values return?",
    back: "conv(y) has size {b}, {same}. The values {values}.", same: "as the input, {n}", other: "not the input's {n}", equal: "happen to be the input's", differ: "do not return: a convolution is the transposed one's adjoint, not its inverse", short: "y with its padding is shorter than the kernel: there is no convolution.",
    and: ", ", table: "The numbers", row: "row", column: "column", value: "value",
  },
};
