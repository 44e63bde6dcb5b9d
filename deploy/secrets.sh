#!/bin/sh
# Makes the secrets of compose.yaml in deploy/secrets: passwords of Postgres and a settings
# file with the addresses that contain them. What is there already stays as it is.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets

for name in postgres parley parley_app parley_worker parley_search; do
	file=secrets/${name}_password
	[ -s "$file" ] || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$file"
done

address() { printf 'postgres://%s:%s@postgres/parley?sslmode=disable' "$1" "$(cat "secrets/$2_password")"; }

if [ ! -s secrets/parley.env ]; then
	{
		echo "# Settings of Parley; parley config lists all with their meaning."
		echo "DATABASE_URL=$(address parley parley)"
		echo "DATABASE_URL_APP=$(address parley_app_login parley_app)"
		echo "DATABASE_URL_WORKER=$(address parley_worker_login parley_worker)"
		echo "DATABASE_URL_SEARCH=$(address parley_search_login parley_search)"
		echo "#PARLEY_SMTP_URL=smtp://user:password@mail.example.com:587"
		echo "#PARLEY_MAIL_FROM=Parley <no-reply@example.com>"
	} >secrets/parley.env
fi
# The server in its container is the user 10001. Postgres reads its own password as root,
# and those of the roles as the user 999, as which its image makes a database.
if ! { chown 10001 secrets/parley.env &&
	chown 999 secrets/parley_password secrets/parley_*_password; } 2>/dev/null; then
	echo "Now, as root, in $(pwd):" >&2
	echo "  chown 10001 secrets/parley.env" >&2
	echo "  chown 999 secrets/parley_password secrets/parley_*_password" >&2
fi
