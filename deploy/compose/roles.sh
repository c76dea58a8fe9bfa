#!/bin/sh
# Creates the two roles and the database. PostgreSQL's image runs it once, when its volume is empty.
set -eu
password() { cat "/run/passwords/$1"; }
psql --set ON_ERROR_STOP=1 --set owner="$(password owner)" --set app="$(password application)" --username postgres <<'END'
CREATE ROLE antam_owner LOGIN PASSWORD :'owner';
CREATE ROLE antam_app LOGIN PASSWORD :'app';
CREATE DATABASE antam OWNER antam_owner ENCODING 'UTF8' TEMPLATE template0;
END
