"""Train a small network once and save its weights, with what its input needs."""

import csv
import json
from pathlib import Path

import torch
from network import NUMBERS, Network, inputs

rows = list(csv.DictReader(Path("data/holdout.csv").read_text().splitlines()))
values = {name: [float(row[name]) for row in rows if row[name]] for name in NUMBERS}
about = {
    "version": "net-7",
    "mean": {name: sum(v) / len(v) for name, v in values.items()},
    "deviation": {name: float(torch.tensor(v).std(correction=0)) for name, v in values.items()},
    "codes": {name: sorted({row[name] for row in rows if row[name]}) for name in ("region", "plan")},
}
rows = [{k: (float(v) if k in NUMBERS else v) if v else None for k, v in row.items()} for row in rows]
torch.manual_seed(1)
net = Network(len(inputs(about, rows[:1])[0]))
x, y = inputs(about, rows), torch.tensor([float(row["bought"]) for row in rows])
optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
for _ in range(60):
    optimizer.zero_grad()
    torch.nn.functional.binary_cross_entropy_with_logits(net(x), y).backward()
    optimizer.step()
torch.save(net.state_dict(), "model/weights.pt")
Path("model/about.json").write_text(json.dumps(about))
