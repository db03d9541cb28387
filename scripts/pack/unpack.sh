#!/bin/sh
# Unpacks the ResNet50 laboratory on a machine without a network: ./unpack FOLDER
# It needs a shell, tar, xz and the usual small programs, and Python with venv for JupyterLab. Nothing is downloaded.
# VALUES

fail() {
  # A folder of this run is half-done: nothing of it stays.
  if [ -n "$making" ]; then rm -rf -- "$making"; fi
  printf '%s\n' "unpack: $1" >&2
  exit 1
}

say() {
  printf '%s\n' "$1"
}

hash_of() {
  set -- $(sha256sum < "$1" 2>/dev/null)
  printf '%s' "$1"
}

check_machine() {
  for tool in tar xz sha256sum uname dirname df; do
    command -v "$tool" >/dev/null 2>&1 || fail "this machine has no program $tool: install it, or ask whoever looks after the machine"
  done
  [ "$(uname -s)" = Linux ] || fail "this pack is for Linux, and this machine runs $(uname -s)"
  [ "$(uname -m)" = "$machine" ] || fail "this pack is for $machine processors, and this machine has $(uname -m): make a pack on a machine like this one"
}

check_python() {
  for python in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do
    python=${LAB_PYTHON:-$python}
    "$python" -c "import sys, venv, ensurepip; sys.exit(not (3, $oldest) <= sys.version_info[:2] <= (3, $newest))" >/dev/null 2>&1 && return
  done
  found=$(python3 --version 2>/dev/null || say 'no python3')
  fail "Python 3.$oldest to 3.$newest with venv is needed, and ${LAB_PYTHON:-$found} is not that: load one (on a cluster: module avail python), or name one: LAB_PYTHON=/path/to/python3 ./unpack FOLDER"
}

check_parts() {
  [ -f "$here/SHA256SUMS" ] || fail "SHA256SUMS is missing: copy it again"
  [ "$(hash_of "$here/SHA256SUMS")" = "$sums" ] || fail "SHA256SUMS is damaged, or comes from another pack: copy it again"
  number=0
  while read -r sum name; do
    number=$((number + 1))
    say "Checking part $number of $parts"
    [ -f "$here/$name" ] || fail "$name is missing: copy it again"
    [ "$(hash_of "$here/$name")" = "$sum" ] || fail "$name is damaged: copy it again"
  done < "$here/SHA256SUMS"
}

check_room() {
  free=$(df -Pk -- "$parent" 2>/dev/null | { read -r _; read -r _ _ _ free _; printf '%s' "$free"; })
  case $free in
    '' | *[!0-9]*) return ;;
  esac
  [ "$free" -ge "$kilobytes" ] || fail "$((kilobytes * 1024 / 1000000)) MB of free disk are needed in $parent, and $((free * 1024 / 1000000)) MB are free: free some, or unpack on another disk"
}

all_parts() {
  while read -r _ name; do cat -- "$here/$name" || return 1; done < "$here/SHA256SUMS"
}

first_line() {
  printf '%s\n' "$1" | head -n 1
}

unpack_parts() {
  say 'Unpacking'
  # The last program's status counts: what xz or cat did not give is missing from the list of hashes below.
  said=$({ all_parts | xz -dc | tar -xf - -C "$making"; } 2>&1) || fail "the files cannot be written: $(first_line "$said")"
  say 'Checking the files'
  said=$(cd -- "$making" && sha256sum -c .pack/SHA256SUMS 2>&1) ||
    fail "a file is not what was packed ($(first_line "$(printf '%s\n' "$said" | grep -v ': OK$')")): check the disk, and unpack again"
  node=$making/.pack/node/bin/node
  said=$("$node" --version 2>&1) || fail "the packed Node does not run here: $(first_line "$said")"
}

main() {
  making=
  here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1
  case $#:${1-} in
    1:-h | 1:--help) say 'Usage: ./unpack FOLDER'; say 'Unpacks the laboratory into a new folder. Nothing is downloaded.'; exit 0 ;;
    1:?*) ;;
    *) fail 'expected the folder to make. Usage: ./unpack FOLDER' ;;
  esac
  case $1 in
    /*) folder=$1 ;;
    *) folder=$PWD/$1 ;;
  esac
  while [ "${folder%/}" != "$folder" ]; do folder=${folder%/}; done
  parent=$(dirname -- "$folder")
  { [ -e "$folder" ] || [ -L "$folder" ]; } && fail "$folder is there already: name a new folder, or remove this one"
  [ -d "$parent" ] || fail "there is no folder $parent: make it first"
  check_machine
  check_python
  check_room
  mkdir -- "$folder.making" 2>/dev/null || {
    [ -d "$folder.making" ] && fail "$folder.making is there: another unpack works in it, or was stopped; if none runs, remove it and try again"
    fail "$folder.making cannot be made: choose a folder that you may write to"
  }
  making=$folder.making
  trap 'fail "stopped, and nothing is left behind"' HUP INT TERM
  check_parts
  unpack_parts
  { [ -e "$folder" ] || [ -L "$folder" ]; } && fail "$folder has been made meanwhile: name another folder"
  mv -- "$making" "$folder" || fail "$making cannot be renamed"
  making=
  trap - HUP INT TERM
  cd -- "$folder" || exit 1
  PATH="$folder/.pack/node/bin:$PATH" "$folder/.pack/node/bin/node" scripts/pack/complete.mjs ||
    fail "the files are in $folder, but the set-up did not end well: repair what is said above, then: cd '$folder' && ./npm run setup"
  say "Unpacked into $folder. Go on with:"
  say "  cd '$folder'"
  say '  ./npm start          # or ./npm start -- 01 for one notebook, ./npm run doctor, ./npm run lab'
}

main "$@"
exit
