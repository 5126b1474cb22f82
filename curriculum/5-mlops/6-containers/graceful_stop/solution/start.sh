#!/bin/sh
set -eu
mkdir -p run
exec python service.py
