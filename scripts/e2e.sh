#!/bin/sh
# Runs the browser tests in e2e/ against the built programs.
set -eu
cd "$(dirname "$0")/.."

if ! ls e2e/playwright.config.* >/dev/null 2>&1; then
	echo "There are no browser tests yet."
	exit
fi
CHROMIUM=$(scripts/chromium.sh)
export CHROMIUM
export PARLEY_BIN="$PWD/bin/parley" FAKENET_BIN="$PWD/bin/fakenet"
echo "Browser: ${CHROMIUM:-the one of Playwright}"
exec "${NPM:-npm}" run e2e --workspace e2e -- "$@"
