def recompute(run: dict, model_path: str, data_path: str) -> dict:
    """Compute the logged validation log loss again, from the saved model and the data, and say whether all agree.

    run: metrics, artifact (step, sha256), data (sha256). Returns: artifact, data, logged, recomputed, matches.
    """
    raise NotImplementedError
