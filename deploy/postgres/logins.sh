#!/bin/sh
# Makes Parley's database, its owner and a login for each of its roles; run once, as the
# superuser, on a new Postgres. Each password is the first line of a file:
#   SECRETS=folder deploy/postgres/logins.sh      (psql's variables say where: PGHOST, PGUSER …)
set -eu

secrets=${SECRETS:-/run/secrets}
superuser=${POSTGRES_USER:-${PGUSER:-postgres}}

# quoted NAME: the password as an SQL text.
quoted() { head -n 1 "$secrets/$1" | sed "s/'/''/g; s/^/'/; s/\$/'/"; }

psql --quiet --set ON_ERROR_STOP=1 --username "$superuser" --dbname postgres <<SQL
CREATE ROLE parley_app NOLOGIN;
CREATE ROLE parley_worker NOLOGIN;
CREATE ROLE parley_search NOLOGIN;
-- The owner migrates and makes backups; requests never use it.
CREATE ROLE parley LOGIN CREATEROLE PASSWORD $(quoted parley_password) IN ROLE parley_app, parley_worker, parley_search, pg_monitor;
CREATE ROLE parley_app_login LOGIN PASSWORD $(quoted parley_app_password) IN ROLE parley_app;
CREATE ROLE parley_worker_login LOGIN PASSWORD $(quoted parley_worker_password) IN ROLE parley_worker;
CREATE ROLE parley_search_login LOGIN PASSWORD $(quoted parley_search_password) IN ROLE parley_search;
CREATE DATABASE parley OWNER parley ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT, TEMPORARY ON DATABASE parley FROM PUBLIC;
GRANT CONNECT ON DATABASE parley TO parley_app, parley_worker, parley_search;
SQL
