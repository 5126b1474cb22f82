"""A network with dropout and batch normalization: both must be switched to answering."""

import json
from pathlib import Path

import torch

torch.set_num_threads(1)
NUMBERS = ("age", "income", "visits")


class Network(torch.nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(width, 16), torch.nn.BatchNorm1d(16), torch.nn.ReLU(), torch.nn.Dropout(0.3),
            torch.nn.Linear(16, 1),
        )  # fmt: skip

    def forward(self, x: torch.Tensor) -> torch.Tensor:  # (n, width) -> (n,)
        return self.layers(x).squeeze(1)


def inputs(about: dict, rows: list[dict]) -> torch.Tensor:
    table = []
    for row in rows:
        line = []
        for name in NUMBERS:
            value = about["mean"][name] if row[name] is None else row[name]
            line += [(value - about["mean"][name]) / about["deviation"][name], float(row[name] is None)]
        for name, codes in about["codes"].items():
            line += [float(row[name] == code) for code in codes]
        table.append(line)
    return torch.tensor(table, dtype=torch.float32).reshape(len(rows), -1)


def load() -> tuple[dict, Network]:
    about = json.loads(Path("model/about.json").read_text())
    blank = {"age": 0.0, "income": 0.0, "visits": 0.0, "region": None, "plan": None}
    net = Network(inputs(about, [blank]).shape[1])
    net.load_state_dict(torch.load("model/weights.pt", weights_only=True))
    net.eval()
    return about, net


@torch.inference_mode()
def predict(about: dict, net: Network, rows: list[dict]) -> list[float]:
    return torch.sigmoid(net(inputs(about, rows))).tolist() if rows else []
