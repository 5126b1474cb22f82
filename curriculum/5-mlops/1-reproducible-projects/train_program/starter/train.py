"""Train as a configuration says: `python train.py --config config.json --out metrics.json`."""

import argparse


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", required=True)
    parser.add_argument("--out", required=True)
    parser.parse_args()
    raise NotImplementedError("read the configuration, train, write the metrics")


if __name__ == "__main__":
    main()
