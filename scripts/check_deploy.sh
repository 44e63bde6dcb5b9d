#!/bin/sh
# Checks what is in deploy/ as far as this machine can, and says what it could not check:
#   scripts/check_deploy.sh [--build]     --build goes through the steps of the container file
set -eu
cd "$(dirname "$0")/.."

parley=${PARLEY:-bin/parley}
failed=0
say() { printf '%-9s %s\n' "$1" "$2"; }
# check NAME COMMAND…: runs it quietly, shows what it said when it fails.
check() {
	name=$1
	shift
	if out=$("$@" 2>&1); then
		say ok "$name"
	else
		say FAILED "$name"
		printf '%s\n' "$out"
		failed=1
	fi
}
have() { command -v "$1" >/dev/null 2>&1; }

work=$(mktemp -d)
server=
postmaster=
cleanup() {
	if [ -n "$server" ]; then
		kill "$server" 2>/dev/null || true
	fi
	if [ -n "$postmaster" ]; then
		kill -INT "$(head -n 1 "$work/pg/data/postmaster.pid")" 2>/dev/null || true
		wait "$postmaster" 2>/dev/null || true
	fi
	rm -rf "$work"
}
trap cleanup EXIT
chmod 755 "$work"

check "scripts are sh" sh -n deploy/secrets.sh
check "scripts are sh" sh -n deploy/postgres/logins.sh
if have shellcheck; then
	check "shellcheck" shellcheck deploy/secrets.sh deploy/postgres/logins.sh scripts/*.sh
else
	say skipped "shellcheck is not installed"
fi

# The units, with a program that is there.
mkdir "$work/units"
for unit in deploy/parley*.service deploy/parley*.timer; do
	sed 's|/usr/local/bin/parley|/bin/true|' "$unit" >"$work/units/$(basename "$unit")"
done
if have systemd-analyze; then
	check "systemd units" systemd-analyze verify "$work"/units/*
else
	say skipped "systemd-analyze is not installed"
fi

if have nginx && have openssl; then
	openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=chat.example.com -keyout "$work/key.pem" -out "$work/chain.pem" 2>/dev/null
	{
		echo "pid $work/nginx.pid; error_log stderr; events {} http { access_log off;"
		for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $work/$kind;"; done
		sed "s|/etc/letsencrypt/live/chat.example.com/fullchain.pem|$work/chain.pem|; s|/etc/letsencrypt/live/chat.example.com/privkey.pem|$work/key.pem|" deploy/nginx.conf
		echo "}"
	} >"$work/nginx.conf"
	check "nginx example" nginx -t -q -c "$work/nginx.conf"
else
	say skipped "nginx is not installed"
fi
if have caddy; then
	check "Caddy example" caddy validate --adapter caddyfile --config deploy/Caddyfile
else
	say skipped "caddy is not installed"
fi

# The secrets are made once and stay.
cp -R deploy "$work/deploy"
rm -rf "$work/deploy/secrets"
"$work/deploy/secrets.sh" 2>/dev/null
(cd "$work/deploy/secrets" && cksum ./*) >"$work/before"
"$work/deploy/secrets.sh" 2>/dev/null
(cd "$work/deploy/secrets" && cksum ./*) >"$work/after"
check "secrets stay what they are" cmp "$work/before" "$work/after"

if docker compose version >/dev/null 2>&1; then
	check "compose file" env PARLEY_PUBLIC_URL=https://chat.example.com docker compose --file "$work/deploy/compose.yaml" config --quiet
else
	say skipped "docker compose is not installed"
fi

# The logins of compose.yaml on a Postgres of their own, with the program on top of them.
binaries=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ -n "$binaries" ] && have psql && [ -x "$parley" ]; then
	as=
	mkdir "$work/pg"
	if [ "$(id -u)" = 0 ]; then
		chown postgres "$work/pg"
		as="runuser -u postgres --"
	fi
	# shellcheck disable=SC2086 # empty must vanish
	$as "$binaries/initdb" -D "$work/pg/data" -U postgres -E UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host=scram-sha-256 --no-sync >/dev/null
	# shellcheck disable=SC2086
	$as "$binaries/postgres" -D "$work/pg/data" -k "$work/pg" -p 54329 -c listen_addresses=127.0.0.1 >"$work/pg.log" 2>&1 &
	postmaster=$!
	until psql -h "$work/pg" -p 54329 -U postgres -d postgres -qc 'SELECT 1' >/dev/null 2>&1; do sleep 0.2; done
	check "logins of Postgres" env PGHOST="$work/pg" PGPORT=54329 SECRETS="$work/deploy/secrets" deploy/postgres/logins.sh
	sed 's|@postgres/|@127.0.0.1:54329/|' "$work/deploy/secrets/parley.env" >"$work/parley.env"
	try() { "$parley" --config "$work/parley.env" --data "$work/data" --log-level error --address 127.0.0.1:58080 "$@"; }
	check "migrate as the owner" try migrate
	check "an administrator" try admin create --email ada@example.com --name Ada
	"$parley" --config "$work/parley.env" --data "$work/data" --log-level error --address 127.0.0.1:58080 serve >"$work/served" 2>&1 &
	server=$!
	tries=0
	until grep -q ready "$work/served" || [ $((tries += 1)) -gt 100 ]; do sleep 0.1; done
	check "the server answers" try health
	try doctor --json >"$work/findings" || true
	for finding in logins roles postgres schema walls keys wal events; do
		check "doctor: $finding" grep -q "\"check\":\"$finding\",\"state\":\"ok\"" "$work/findings"
	done
	check "backup as the owner" try backup --to "$work/copy"
	kill -TERM "$server"
	status=0
	wait "$server" || status=$?
	server=
	check "the server stops" test "$status" = 0
else
	say skipped "logins of Postgres: needs psql, Postgres in /usr/lib/postgresql and $parley"
fi

# What the container file does, in a folder with nothing but the repository's files.
if [ "${1:-}" = --build ]; then
	mkdir "$work/src"
	git archive HEAD package.json package-lock.json tsconfig.base.json web e2e/package.json go.mod go.sum cmd internal migrations | tar -x -C "$work/src"
	find "$work/src" -name '*_test.go' -delete
	check "npm ci" npm ci --no-audit --no-fund --loglevel=error --prefix "$work/src"
	check "web app" npm run build --prefix "$work/src" --workspace web/app
	check "widget" npm run build --prefix "$work/src" --workspace web/widget
	check "server" env CGO_ENABLED=0 go build -C "$work/src" -trimpath -ldflags "-s -w -X main.release=1.2.3" -o "$work/parley" ./cmd/parley
	check "its release" sh -c "'$work/parley' version | grep -q '^parley 1.2.3 '"
	check "it needs no libraries" sh -c "! ldd '$work/parley' 2>/dev/null | grep -q '=>'"
fi
exit "$failed"
