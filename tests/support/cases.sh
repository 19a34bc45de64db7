# shellcheck shell=bash
# To be sourced by a test of a program, called as: test.sh CASE PROGRAM...   (PROGRAM may be an emulator and
# its argument). Sets case_name and program, and goes to a new directory, which goes with the test.
case_name=$1
shift
program=("$@")
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

fail() {
  echo "FAILED: $*" >&2
  exit 1
}
