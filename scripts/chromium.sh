#!/bin/sh
# Prints the path of a Chromium or Chrome for the browser tests, installing one if there is
# none. Prints nothing when the tests shall use the one that Playwright has downloaded.
set -eu

found() {
	for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
		"/Applications/Chromium.app/Contents/MacOS/Chromium"; do
		# Ubuntu's chromium-browser may be a note that the real one is a snap.
		if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 && "$candidate" --version >/dev/null 2>&1; then
			command -v "$candidate"
			return
		fi
	done
	return 1
}

found && exit

if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && ! grep -qi ubuntu /etc/os-release; then
	echo "Installing Chromium for the browser tests: apt-get install chromium" >&2
	if { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium; } >&2; then
		found && exit
	fi
fi

echo "Installing Chromium for the browser tests: npx playwright install chromium" >&2
with_deps=
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	with_deps=--with-deps
fi
# shellcheck disable=SC2086 # empty must vanish
npx --workspace e2e playwright install $with_deps chromium >&2
