// Words that figures share, Chinese.

export const COMMON = {
  guess: "先猜再看",
  reveal: "揭晓",
  copy: "复制为 PyTorch",
  copied: "已复制",
  undo: "撤销",
  reset: "重置",
  link: "复制链接",
  unlinked: "这里不能复制：链接就在地址栏里。",
  table: "数据表",
};
