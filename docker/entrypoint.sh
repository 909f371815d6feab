#!/bin/sh
# Starts the service, or any other command of aiguilleur: `docker run … aiguilleur doctor`.
set -eu

data=${AIGUILLEUR_DATA:-/data}
if [ ! -d "$data" ] || [ ! -w "$data" ]; then
    echo "aiguilleur: the data folder $data is missing or not writable by user $(id -u); mount a volume there" >&2
    exit 2
fi

case "${1:-serve}" in
    healthy)
        # Of `serve` in this container, wherever its settings have it listen; other commands answer no calls.
        exec python -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=2)' \
            "http://127.0.0.1:${AIGUILLEUR_PORT:-8000}/healthz"
        ;;
    serve)
        [ $# -gt 0 ] && shift
        exec aiguilleur serve --host "${AIGUILLEUR_HOST:-0.0.0.0}" --port "${AIGUILLEUR_PORT:-8000}" "$@"
        ;;
    aiguilleur)
        shift
        exec aiguilleur "$@"
        ;;
    *)
        exec aiguilleur "$@"
        ;;
esac
