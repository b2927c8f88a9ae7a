#!/bin/sh
# Makes the secrets of compose.scaled.yaml in ./secrets, each in a file of its own. What is there already stays.
#
# The folder is closed to everybody else. The files in it are not: a container sees a file with the owner that it has out
# here, and Earshot runs as a user of its own there, who must be able to read it.
set -eu
cd "$(dirname "$0")/.."
mkdir -p secrets
chmod 700 secrets

random() {
  od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}

keep() {
  [ -e "secrets/$1" ] || printf '%s\n' "$2" >"secrets/$1"
  chmod 444 "secrets/$1"
}

keep database-password "$(random)"
keep database-url "postgres://earshot:$(cat secrets/database-password)@postgres:5432/earshot"
keep s3-access-key-id "$(random | cut -c1-20)"
keep s3-secret-access-key "$(random)"
keep push-token "$(random)"
keep api-key "$(random)"
