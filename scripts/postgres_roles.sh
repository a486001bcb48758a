#!/usr/bin/env bash
# Runs once, when the compose file's PostgreSQL makes its data folder: the two roles of the study and what they may do.
# ivp_study/private_servers.py does the same for the private server.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres --dbname ivp \
    --set owner_password="$IVP_OWNER_PASSWORD" --set app_password="$IVP_APP_PASSWORD" <<'SQL'
CREATE ROLE ivp_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE ivp_app LOGIN PASSWORD :'app_password';
ALTER DATABASE ivp OWNER TO ivp_owner;
CREATE EXTENSION btree_gist;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION unaccent;
CREATE EXTENSION pg_stat_statements;
GRANT USAGE, CREATE ON SCHEMA public TO ivp_owner;
GRANT USAGE ON SCHEMA public TO ivp_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ivp_owner GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON TABLES TO ivp_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ivp_owner GRANT USAGE, SELECT ON SEQUENCES TO ivp_app;
SQL
