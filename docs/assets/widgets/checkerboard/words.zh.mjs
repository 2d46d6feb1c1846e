// The words of <checkerboard-widget>, Chinese.

export const WORDS = {
  side: "看作", sideup: "输出", sidedown: "梯度", l: "层数",
  ask: "除去边缘，输出里有几种不同的值？只有 1 种就是平的。",
  ones: "均匀", bilinear: "双线性", random: "随机", learned: "学到的", balance: "平衡相位",
  counts: "每格落上几个权重", output: "输入全为 1 时的输出", countsdown: "每个像素被几个窗口用到", outputdown: "传到每个像素的梯度",
  phases: "相位和：{c} 个交错排列的卷积", spectrum: "输出的振幅谱，频率是每格几周；虚线是 1/{s} 的整数倍", tone: "把输出当声音播放", silence: "停止",
  divides: "s 整除 k", even: "均匀", uneven: "不均匀", overlap: "内部的重叠", sums: "相位和", gap: "最大 − 最小", verdict: "输出", flat: "平的 ✓", lattice: "有棋盘格 ✗", yes: "是", no: "否",
  hint: "点一个相位或一格，或用方向键：框出它的权重和格子；Esc 取消。",
  phase: "相位 [{r}]：{sum}。这 {c} 个权重自成一个普通卷积，每 {s} 格写一格。", empty: "相位 [{r}] 没有权重：格子始终是 0。",
  trained: "试验台的网络训练后的核，k = {k}：取权重最大的输入通道。", line: "（只取中间一行）",
  pictures: "换成照片：缩小，再用各种上采样放大；数字是相位占比", byown: "这个核", bynearest: "最近邻", bybilinear: "双线性", byshuffle: "子像素，随机初始化", byicnr: "子像素，ICNR",
  peaks: "峰：{peaks}。", none: "没有峰。",
};
