"""What data sets and networks are called where a claim's scope is told: see `cnnbook.evidence.scope`."""

from __future__ import annotations

from cnnbook.evidence.text import Text

MINI = Text("{} 张 fashion-mnist-mini 图像", "{} images of fashion-mnist-mini")
HERE, MADE = "cnnbook.experiments", "cnnbook.domains"

DATA: dict[str, Text] = {  # {} is the number of training examples
    "fashion-mnist-mini": MINI,
    f"{HERE}.parameters.recipe:copied": MINI,
    f"{HERE}.domains.images:pictures": MINI,
    f"{HERE}.domains._different_images:ordered_images": MINI,
    f"{HERE}.domains._different_images:symbol_images": MINI,
    f"{HERE}.domains._different_images:moved_images": Text(
        "{} 张 fashion-mnist-mini 图像（缩小到 14×14）", "{} images of fashion-mnist-mini (shrunk to 14×14)"
    ),
    f"{HERE}.domains._different_images:quadrant_images": Text(
        "{} 张 fashion-mnist-mini 图像（缩小到 14×14）", "{} images of fashion-mnist-mini (shrunk to 14×14)"
    ),
    f"{HERE}.generalisation._brightness:lower_half": Text(
        "{} 张 fashion-mnist-mini 图像的上半", "upper halves of {} images of fashion-mnist-mini"
    ),
    f"{HERE}.domains.similarities:moving_digits": Text("{} 段移动数字的影片", "{} films of moving digits"),
    f"{HERE}.domains.speech:synthetic": Text("{} 段合成的数字读音", "{} synthetic clips of digits"),
    f"{HERE}.domains.speech:real": Text("{} 段真人读数字的录音", "{} recordings of digits"),
    f"{HERE}.domains.text:texts": Text("每种语言 {} 条评论", "{} reviews in each language"),
    f"{HERE}.convolution._super_resolution:photographs_and_plain": Text(
        "{} 块照片小块（32×32）", "{} patches of photographs (32×32)"
    ),
}
NETWORKS: dict[str, Text] = {
    "small-cnn": Text("小网络", "the small network"),
    "mlp": Text("一个隐藏层的全连接网络", "an MLP with one hidden layer"),
    "cnnbook.generalisation.architecture:convnet": Text("深度和宽度可变的小网络", "small networks by depth and width"),
    f"{HERE}.generalisation.dropout:network": Text("带 dropout 的小网络", "the small network with dropout"),
    f"{HERE}.generalisation._brightness:regressor": Text(
        "预测亮度的小网络", "a small network that predicts brightness"
    ),
    f"{HERE}.parameters.recipe:brightness": Text("亮度的线性分类器", "a linear classifier of brightness"),
    f"{HERE}.domains._different_images:network": Text("两层卷积的网络", "a network of two convolutions"),
    f"{HERE}.domains.similarities:network": Text("两层卷积的网络", "a network of two convolutions"),
    f"{HERE}.domains.text:bag": Text("词袋", "a bag of words"),
    f"{HERE}.domains.text:cnn": Text("沿文本滑动的滤波器", "filters along the text"),
    f"{HERE}.convolution._super_resolution:SuperResolution": Text("超分辨率小网络", "a small super-resolution network"),
    f"{MADE}.images:linear": Text("线性分类器", "a linear classifier"),
    f"{MADE}.images:cnn": Text("两层卷积的网络", "a network of two convolutions"),
    f"{MADE}.speech:dense": Text("全连接网络", "a network without convolution"),
    f"{MADE}.speech:over_time": Text("沿时间的卷积", "convolutions along time"),
    f"{MADE}.speech:over_picture": Text("沿时间和音高的卷积", "convolutions along time and pitch"),
    f"{MADE}.speech:over_samples": Text("沿原始采样的卷积", "convolutions along the samples"),
}
