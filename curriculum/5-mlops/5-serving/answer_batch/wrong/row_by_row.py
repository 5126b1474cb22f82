"""
expects: called_once
Calls the model once for each row: right answers, and a batch costs as much as single requests.
"""

import numpy as np


def order_columns(rows, columns):
    return np.array([[row[c] for c in columns] for row in rows], dtype=float).reshape(len(rows), len(columns))


def answer_batch(rows, columns, predict):
    answers = []
    for row in rows:
        if all(c in row for c in columns):
            answers.append(float(predict(order_columns([row], columns))[0]))
        else:
            answers.append(None)
    return answers
