#!/bin/sh
set -eu
mkdir -p run
python service.py
echo "ended" >> run/log
