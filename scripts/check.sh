#!/bin/sh
# check.sh go|node: says in words what is missing before a build fails in some other way.
set -eu

die() {
	echo "parley: $1" >&2
	exit 1
}

# at_least 20.19.0 20.20.2: whether the second version is not older than the first.
at_least() {
	[ "$(printf '%s\n%s\n' "$1" "$2" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" = "$1" ]
}

case "$1" in
go)
	command -v "${GO:-go}" >/dev/null || die "Go is not installed. Get it from https://go.dev/dl/"
	# Go 1.21 and newer fetch the version that go.mod names by themselves.
	version=$("${GO:-go}" env GOVERSION | sed 's/^go//; s/[^0-9.].*//')
	at_least 1.21.0 "$version" || die "Go $version is too old. Get a newer one from https://go.dev/dl/"
	;;
node)
	command -v node >/dev/null || die "Node.js is not installed. Get it from https://nodejs.org/ or your system's packages."
	command -v "${NPM:-npm}" >/dev/null || die "npm is not installed. On Debian and Ubuntu: apt-get install npm"
	version=$(node -v | sed 's/^v//')
	at_least 20.19.0 "$version" || die "Node.js $version is too old; 20.19 or newer is needed."
	;;
esac
