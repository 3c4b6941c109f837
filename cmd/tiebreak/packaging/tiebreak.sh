#!/bin/sh
# Runs Tiebreak with the settings in /etc/tiebreak/tiebreak.env. The service and people at a terminal both start it this way.
export TIEBREAK_ENV_FILE="${TIEBREAK_ENV_FILE-/etc/tiebreak/tiebreak.env}"
exec /usr/lib/tiebreak/tiebreak "$@"
