#!/bin/sh
set -eu
mkdir -p run
python service.py &
service=$!
trap 'kill -TERM "$service"' TERM
wait "$service" || wait "$service"
