#!/bin/sh
# Starts the fake networks and Parley with its own Postgres and demo companies, and stops
# both on Ctrl-C. `run.sh --reset` forgets what was stored.
set -eu
cd "$(dirname "$0")/.."

port=${PORT:-8080}
mail=${MAIL_PORT:-2525}
mail_page=${MAIL_PAGE_PORT:-8025}
sms=${SMS_PORT:-2775}

# Root's Postgres runs as another user, who may not enter root's home; so for root the data
# lies outside of it, one folder for each checkout.
data=${PARLEY_DATA:-}
if [ -z "$data" ]; then
	if [ "$(id -u)" = 0 ]; then
		data=/var/tmp/parley-$(pwd | cksum | cut -d' ' -f1)
	else
		data=$PWD/.data
	fi
fi

if [ "${1:-}" = --reset ]; then
	rm -rf "$data"
	echo "Forgotten: $data"
	exit
fi

mkdir -p "$data"
export PARLEY_DATA="$data"
export PARLEY_ADDRESS="127.0.0.1:$port"
export PARLEY_SMTP_URL="smtp+plain://127.0.0.1:$mail"
export PARLEY_SMS_URL="smpp://parley:parley@127.0.0.1:$sms?sender=Parley&window=50"
export PARLEY_MAIL_FROM="${PARLEY_MAIL_FROM:-Parley <no-reply@parley.example>}"
export PARLEY_LOG_LEVEL="${PARLEY_LOG_LEVEL:-warn}"

bin/fakenet --address "127.0.0.1:$mail_page" --smtp "127.0.0.1:$mail" --smpp "127.0.0.1:$sms" >/dev/null &
fakenet=$!
trap 'kill "$fakenet" 2>/dev/null || true' EXIT
# Ctrl-C reaches the programs by itself; this script waits for them to end.
trap : INT
trap 'kill "${server:-$fakenet}" 2>/dev/null || true' TERM

logins=$data/logins.txt
if [ -e "$data/seeding" ]; then
	echo "The demo was not finished last time and is made anew."
	rm -rf "$data/postgres" "$data/files"
fi
if [ ! -s "$logins" ]; then
	echo "Making the demo: companies, people and 30 days of dialogs. This takes a while, once."
	touch "$data/seeding"
	bin/parley seed demo >"$data/seeding"
	mv "$data/seeding" "$logins"
fi
echo
cat "$logins"
echo
echo "Letters and other messages that leave Parley: http://127.0.0.1:$mail_page"
echo "Data: $data (make reset forgets it)"

bin/parley serve &
server=$!
# wait returns when a signal comes; the server may then still be ending.
status=0
wait "$server" || status=$?
while kill -0 "$server" 2>/dev/null; do
	status=0
	wait "$server" || status=$?
done
exit "$status"
