// The words of <checkerboard-lab>, Chinese.

export const WORDS = {
  axes: "维数", axes1: "一维", axes2: "二维", side: "看作", sideup: "输出", sidedown: "梯度", n: "输入尺寸", k: "核的大小", s: "步长", l: "叠几层",
  guess: "先猜再看", reveal: "揭晓", ask: "除去边缘，输出里有几种不同的值？只有 1 种就是平的。", right: "猜对了：{m}。", wrong: "你猜 {g}，其实是 {m}。", never: "0",
  copy: "复制为 PyTorch", copied: "已复制", reset: "回到原文的例子", table: "数据表", row: "行", column: "列", value: "值",
  kernel: "核 w", cell: "{name}，第 {i} 行第 {j} 列", ones: "均匀", bilinear: "双线性", random: "随机", learned: "学到的", balance: "平衡相位",
  counts: "每格落上几个权重", output: "输入全为 1 时的输出", countsdown: "每个像素被几个窗口用到", outputdown: "传到每个像素的梯度",
  phases: "相位和：{c} 个交错排列的卷积", spectrum: "输出沿行的功率，按频率画出；虚线是 1/{s} 的整数倍", tone: "把输出当声音播放", silence: "停止",
  divides: "s 整除 k", even: "均匀", uneven: "不均匀", overlap: "内部的重叠", sums: "相位和", gap: "最大 − 最小", verdict: "输出", flat: "平的 ✓", lattice: "有棋盘格 ✗", yes: "是", no: "否",
  hint: "点一个相位或一格，或用方向键移动：它的权重和它的格子会框出来；Esc 取消。",
  phase: "相位 [{r}]：{sum}。这 {c} 个权重自成一个普通卷积，每隔 {s} 格写一格。", empty: "相位 [{r}] 没有权重：它的格子始终是 0。",
  trained: "试验台的网络训练后的核，k = {k}：取权重最大的那个输入通道。", line: "（只取中间一行）",
  peaks: "峰：{peaks}。", none: "没有峰。", and: "、", cells: "输出",
  photo: "同一个核用在照片上，与别的上采样层并排", share: "相位占比 {p}", up: "转置卷积", balanced: "转置卷积，已平衡", blurred: "转置卷积，再取均值", nearest: "最近邻，再过核", wide: "二维、一层、步长至少为 2 时才画出。",
};
