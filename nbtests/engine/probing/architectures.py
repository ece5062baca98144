"""Public architectures, retyped small, as their authors write them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - what everybody calls it

from nbtests.engine.probing.modules import noise


class BasicBlock(nn.Module):
    """ResNet, He et al., 2015: one ReLU for both places."""

    def __init__(self, fan_in, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(fan_in, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = None
        if stride > 1:
            self.downsample = nn.Sequential(nn.Conv2d(fan_in, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(out + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1, self.relu = nn.Conv2d(3, 8, 3, 1, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU(inplace=True)
        self.layer1 = nn.Sequential(BasicBlock(8, 8), BasicBlock(8, 8))
        self.layer2 = nn.Sequential(BasicBlock(8, 16, 2), BasicBlock(16, 16))
        self.fc = nn.Linear(16, 10)

    def forward(self, x):
        return self.fc(self.layer2(self.layer1(self.relu(self.bn1(self.conv1(x))))).mean((2, 3)))


class VGG(nn.Module):
    """Simonyan and Zisserman, 2014, without batchnorm."""

    def __init__(self):
        super().__init__()
        widths, layers, fan_in = [8, "M", 16, "M", 16, 16, "M"], [], 3
        for width in widths:
            if width == "M":
                layers.append(nn.MaxPool2d(2))
            else:
                layers += [nn.Conv2d(fan_in, width, 3, padding=1), nn.ReLU(inplace=True)]
                fan_in = width
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Linear(256, 32), nn.ReLU(True), nn.Dropout(), nn.Linear(32, 10))
        for part in self.modules():
            if isinstance(part, nn.Conv2d):
                nn.init.kaiming_normal_(part.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))


class DenseLayer(nn.Module):
    """DenseNet, Huang et al., 2016: normalization, ReLU, convolution, in this order."""

    def __init__(self, fan_in, growth):
        super().__init__()
        self.norm, self.relu = nn.BatchNorm2d(fan_in), nn.ReLU(inplace=True)
        self.conv = nn.Conv2d(fan_in, growth, 3, padding=1, bias=False)

    def forward(self, features):
        return self.conv(self.relu(self.norm(torch.cat(features, 1))))


class DenseNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.layers = nn.ModuleList(DenseLayer(8 + 4 * index, 4) for index in range(3))
        self.norm, self.classifier = nn.BatchNorm2d(20), nn.Linear(20, 10)

    def forward(self, x):
        features = [self.stem(x)]
        for layer in self.layers:
            features.append(layer(features))
        out = F.relu(self.norm(torch.cat(features, 1)), inplace=True)
        return self.classifier(F.adaptive_avg_pool2d(out, 1).flatten(1))


class SqueezeExcitation(nn.Module):
    """Hu et al., 2017, with linear layers, as the paper has it."""

    def __init__(self, width):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(width, 4), nn.ReLU(), nn.Linear(4, width), nn.Sigmoid())

    def forward(self, x):
        return x * self.fc(x.mean((2, 3)))[:, :, None, None]


class InvertedResidual(nn.Module):
    """MobileNetV2, Sandler et al., 2018, with squeeze and excitation: the last convolution is linear."""

    def __init__(self, width):
        super().__init__()
        wide = 4 * width
        self.conv = nn.Sequential(
            nn.Conv2d(width, wide, 1, bias=False), nn.BatchNorm2d(wide), nn.ReLU6(inplace=True),
            nn.Conv2d(wide, wide, 3, 1, 1, groups=wide, bias=False), nn.BatchNorm2d(wide), nn.ReLU6(inplace=True),
            SqueezeExcitation(wide), nn.Conv2d(wide, width, 1, bias=False), nn.BatchNorm2d(width),
        )  # fmt: skip

    def forward(self, x):
        return x + self.conv(x)


def mobilenet():
    return nn.Sequential(nn.Conv2d(3, 8, 3), *[InvertedResidual(8) for _ in range(3)], nn.Flatten(), nn.LazyLinear(10))


class DoubleConv(nn.Module):
    """UNet, Ronneberger et al., 2015."""

    def __init__(self, fan_in, width):
        super().__init__()
        self.double_conv = nn.Sequential(
            nn.Conv2d(fan_in, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True),
            nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True),
        )  # fmt: skip

    def forward(self, x):
        return self.double_conv(x)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.inc, self.outc = DoubleConv(1, 8), nn.Conv2d(8, 2, 1)
        self.down1 = nn.Sequential(nn.MaxPool2d(2), DoubleConv(8, 16))
        self.up1, self.conv_up1 = nn.ConvTranspose2d(16, 8, 2, 2), DoubleConv(16, 8)

    def forward(self, x):
        first = self.inc(x)
        return self.outc(self.conv_up1(torch.cat([first, self.up1(self.down1(first))], 1)))


class GPTBlock(nn.Module):
    """GPT-2, Radford et al., 2019, after nanoGPT: one projection for query, key and value, a GELU class of its own."""

    class NewGELU(nn.Module):
        def forward(self, x):
            return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))

    def __init__(self, width=16, heads=2):
        super().__init__()
        self.heads = heads
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.c_attn, self.c_proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), self.NewGELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = (
            part.view(batch, length, self.heads, -1).transpose(1, 2) for part in self.c_attn(self.ln_1(x)).chunk(3, -1)
        )
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(batch, length, width)
        x = x + self.c_proj(y)
        return x + self.mlp(self.ln_2(x))


@dataclass
class LMOutput:
    logits: torch.Tensor
    hidden: tuple


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(20, 16), nn.Embedding(8, 16)
        self.h = nn.ModuleList(GPTBlock() for _ in range(3))
        self.lm_head = nn.Linear(16, 20, bias=False)
        self.lm_head.weight = self.wte.weight  # tied

    def forward(self, tokens):
        x = self.wte(tokens) + self.wpe(torch.arange(tokens.shape[1], device=tokens.device))
        hidden = []
        for block in self.h:
            x = block(x)
            hidden.append(x)
        return LMOutput(self.lm_head(x), tuple(hidden))


class ViT(nn.Module):
    """Dosovitskiy et al., 2020."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 16, 4, 4)
        self.cls_token, self.pos = nn.Parameter(torch.zeros(1, 1, 16)), nn.Parameter(0.02 * noise(1, 17, 16))
        layer = nn.TransformerEncoderLayer(16, 2, 32, 0.0, "gelu", batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Sequential(nn.LayerNorm(16), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 10))

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos
        return self.head(self.encoder(x)[:, 0])


class LSTMClassifier(nn.Module):
    """Packed sequences, and the last hidden states of both directions into the head."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(30, 8, padding_idx=0)
        self.lstm = nn.LSTM(8, 12, batch_first=True, bidirectional=True)
        self.head = nn.Sequential(nn.Linear(24, 8), nn.ReLU(), nn.Linear(8, 2))

    def forward(self, tokens, lengths):
        packed = nn.utils.rnn.pack_padded_sequence(
            self.embedding(tokens), lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        _, (h, _) = self.lstm(packed)
        return self.head(torch.cat([h[-2], h[-1]], 1))


class VQVAE(nn.Module):
    """van den Oord et al., 2017: a codebook moved by exponential averages in the forward pass."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(1, 8, 4, 2, 1), nn.ReLU(), nn.Conv2d(8, 4, 3, 1, 1))
        self.decoder = nn.Sequential(nn.Conv2d(4, 8, 3, 1, 1), nn.ReLU(), nn.ConvTranspose2d(8, 1, 4, 2, 1))
        self.codebook = nn.Parameter(noise(16, 4), requires_grad=False)
        self.register_buffer("used", torch.zeros(16))
        self.steps, self.perplexity = 0, None

    def forward(self, x):
        z = self.encoder(x).permute(0, 2, 3, 1)
        flat = z.reshape(-1, 4)
        nearest = torch.cdist(flat, self.codebook).argmin(1)
        if self.training:
            hits = F.one_hot(nearest, 16).float()
            self.used.mul_(0.9).add_(hits.sum(0), alpha=0.1)
            self.codebook.data.lerp_((hits.T @ flat.detach()) / hits.sum(0).clamp(min=1)[:, None], 0.1)
            self.steps += 1
        self.perplexity = self.used.std()
        q = self.codebook[nearest].view_as(z)
        commitment = F.mse_loss(z, q)
        return {"x": self.decoder((z + (q - z).detach()).permute(0, 3, 1, 2)), "commitment": commitment}


class Discriminator(nn.Module):
    """DCGAN with spectral norm, Miyato et al., 2018: old style in one place, new in the other."""

    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.utils.spectral_norm(nn.Conv2d(1, 8, 4, 2, 1)), nn.LeakyReLU(0.2, inplace=True),
            nn.utils.parametrizations.spectral_norm(nn.Conv2d(8, 16, 4, 2, 1)), nn.LeakyReLU(0.2, inplace=True),
            nn.Flatten(), nn.utils.spectral_norm(nn.Linear(64, 1)),
        )  # fmt: skip

    def forward(self, x):
        return self.main(x).squeeze(1)


class Generator(nn.Module):
    """DCGAN, Radford et al., 2015."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 16 * 4)
        self.main = nn.Sequential(
            nn.BatchNorm2d(16), nn.ReLU(True), nn.ConvTranspose2d(16, 8, 4, 2, 1, bias=False), nn.BatchNorm2d(8),
            nn.ReLU(True), nn.ConvTranspose2d(8, 1, 4, 2, 1, bias=False), nn.Tanh(),
        )  # fmt: skip

    def forward(self, z):
        return self.main(self.fc(z).view(-1, 16, 2, 2))


class MoCo(nn.Module):
    """He et al., 2019: a key encoder that follows, and a queue with a pointer."""

    def __init__(self):
        super().__init__()
        make = lambda: nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 4))  # noqa: E731 - two alike
        self.encoder_q, self.encoder_k = make(), make()
        for q, k in zip(self.encoder_q.parameters(), self.encoder_k.parameters(), strict=True):
            k.data.copy_(q.data)
            k.requires_grad = False
        self.register_buffer("queue", F.normalize(noise(4, 16), dim=0))
        self.register_buffer("queue_ptr", torch.zeros(1, dtype=torch.long))

    def forward(self, im_q, im_k):
        q = F.normalize(self.encoder_q(im_q), dim=1)
        with torch.no_grad():
            for p, k in zip(self.encoder_q.parameters(), self.encoder_k.parameters(), strict=True):
                k.data = k.data * 0.9 + p.data * 0.1
            keys = F.normalize(self.encoder_k(im_k), dim=1)
        logits = torch.cat([(q * keys).sum(1, keepdim=True), q @ self.queue.clone().detach()], 1) / 0.07
        at = int(self.queue_ptr)
        self.queue[:, at : at + len(keys)] = keys.T
        self.queue_ptr[0] = (at + len(keys)) % 16
        return logits, torch.zeros(len(q), dtype=torch.long)


class WaveNetBlock(nn.Module):
    """van den Oord et al., 2016, with old weight norm: gates are functions."""

    def __init__(self, width=8):
        super().__init__()
        self.filter = nn.utils.weight_norm(nn.Conv1d(width, width, 2, padding=1))
        self.gate = nn.utils.weight_norm(nn.Conv1d(width, width, 2, padding=1))
        self.out = nn.utils.weight_norm(nn.Conv1d(width, width, 1))
        self.act = nn.ReLU()

    def forward(self, x):
        h = (torch.tanh(self.filter(x)) * torch.sigmoid(self.gate(x)))[..., : x.shape[-1]]
        return self.act(x + self.out(h))


class PointerNetwork(nn.Module):
    """Cells in a loop, a state that is kept, additive attention."""

    def __init__(self):
        super().__init__()
        self.cell, self.W, self.v = nn.GRUCell(4, 8), nn.Linear(8, 8), nn.Linear(8, 1)
        self.state = None

    def forward(self, x):
        h = x.new_zeros(len(x), 8) if self.state is None else self.state
        seen = []
        for step in x.unbind(1):
            h = self.cell(step, h)
            seen.append(h)
        self.state = h.detach()
        return self.v(torch.tanh(self.W(torch.stack(seen, 1)))).squeeze(-1)


TOKENS = torch.arange(48).reshape(6, 8) % 19
ARCHITECTURES = {
    "ResNet": (ResNet, noise(6, 3, 16, 16)),
    "VGG": (VGG, noise(6, 3, 32, 32)),
    "DenseNet": (DenseNet, noise(6, 3, 8, 8)),
    "MobileNetV2 with SE": (mobilenet, noise(6, 3, 10, 10)),
    "UNet": (UNet, noise(4, 1, 16, 16)),
    "GPT": (GPT, TOKENS),
    "ViT": (ViT, noise(6, 3, 16, 16)),
    "LSTM classifier": (LSTMClassifier, (TOKENS + 1, torch.tensor([8, 3, 5, 8, 1, 2]))),
    "VQ-VAE": (VQVAE, noise(4, 1, 12, 12)),
    "discriminator": (Discriminator, noise(6, 1, 8, 8)),
    "generator": (Generator, noise(16, 6)),
    "MoCo": (MoCo, (noise(8, 6), noise(8, 6, seed=1))),
    "WaveNet": (lambda: nn.Sequential(WaveNetBlock(), WaveNetBlock()), noise(4, 8, 20)),
    "GRU cells": (PointerNetwork, noise(5, 6, 4)),
}


def made(name):
    """A net of this name, as it is at first, and a batch for it."""
    make, batch = ARCHITECTURES[name]
    torch.manual_seed(0)
    net = make()
    if name == "MobileNetV2 with SE":
        net(batch)  # it has a lazy layer
    return net, batch
