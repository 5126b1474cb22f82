"""The first leak that is found is the only one reported.

expects: all_are_reported
An `elif` asks its question only if all the questions before it were answered with no.
"""

import numpy as np


def audit(record):
    X, groups, time, scored = record["X"], record["groups"], record["time"], record["scored"]
    *steps, model = record["fits"]
    trained = np.setdiff1d(model["rows"], scored)
    if np.isin(model["rows"], scored).any():
        return {"overlap"}
    elif any(np.isin(step["rows"], scored).any() for step in steps if not step["labels"]):
        return {"preprocessing"}
    elif any(np.isin(step["rows"], scored).any() for step in steps if step["labels"]):
        return {"selection"}
    elif np.isin(record["tuned_on"], scored).any():
        return {"tuning"}
    elif (X[trained][:, None] == X[scored]).all(axis=2).any():
        return {"duplicate"}
    elif groups is not None and np.isin(groups[trained], groups[scored]).any():
        return {"group"}
    elif time is not None and time[trained].max() > time[scored].min():
        return {"time"}
    elif (record["known"] > 0).any():
        return {"feature"}
    return set()
