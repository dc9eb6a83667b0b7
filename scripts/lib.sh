# What the verbs share. Sourced, never run: it moves to the root of the project.
# shellcheck shell=bash
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

heading() { printf '\n== %s\n' "$*"; }

refuse() {
  printf '%s\n' "$*" >&2
  exit 1
}
