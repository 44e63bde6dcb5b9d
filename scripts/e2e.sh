#!/bin/sh
# Runs the browser tests in e2e/ against the built programs.
set -eu
cd "$(dirname "$0")/.."

if ! ls e2e/playwright.config.* >/dev/null 2>&1; then
	echo "There are no browser tests yet."
	exit
fi
browser=$(scripts/chromium.sh)
unset CHROMIUM
if [ -n "$browser" ]; then
	export CHROMIUM="$browser"
fi
echo "Browser: ${browser:-the one of Playwright}"
exec "${NPM:-npm}" run e2e --workspace e2e -- "$@"
