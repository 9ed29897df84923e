#!/bin/sh
# stopgate launcher: <entry> --host <claude|codex>. Prints one JSON object and exits 0, whatever happens.
# Where nothing is armed, or every armed build is another living Claude process's, it answers without starting Node.
# Called as a program, or read in by the registered command with itself as $0 (docs/adr/0012-launcher-exit-code.md).
# It forks for Node alone, and only as a command substitution: no shell can end on that before the trap has spoken.

entry=${1-}
host=
[ "${2-}" = --host ] && case ${3-} in claude | codex) host=$3 ;; esac

# Speaks once.
approve() {
  trap - 0
  case $host:$entry in
  claude:build-stop | claude:stop-gate-router) echo '{"decision":"approve"}' ;;
  *) echo '{}' ;;
  esac
  exit 0
}

# Without this, a shell that cannot fork, open or allocate ends with 2, and that blocks (docs/hosts.md).
trap approve 0

# A path that is not absolute names no place (src/state/paths.ts). Without a home only Node knows where state is.
case ${HOME-} in /*) home=$HOME ;; *) home= ;; esac
case ${XDG_STATE_HOME-} in
/*) state=$XDG_STATE_HOME/stopgate ;;
*) state=${home:+$home/.local/state/stopgate} ;;
esac
case ${STOPGATE_STATE_DIR-} in /*) state=$STOPGATE_STATE_DIR ;; esac
case $0 in
*/*) root=${0%/*}/.. ;;
*) root=.. ;;
esac

# One log record for a hook that could not speak, for this person only.
fail() {
  : "$(record "$1")"
  approve
}

record() {
  [ "${damaged-}" ] && rm -f "$damaged"
  log=$state/events/gate.jsonl
  umask 077
  [ "$state" ] && mkdir -p "$state/events" && { [ -f "$log" ] || [ ! -e "$log" ]; } || return
  now=$(date -u '+%Y-%m-%dT%H:%M:%SZ %s')
  printf '{"at":"%s","id":"%s","entry":"%s","host":"%s","verdict":"approve","cause":"error","error":"%s"}\n' \
    "${now% *}" "${now#* }-$$" "$entry" "$host" "$1" >>"$log"
}

# True when the build armed as "<session> <agent pid> <agent start>" belongs to another Claude process that is alive:
# then no row of the ownership ladder can make this session its owner.
others() {
  [ "$host" = claude ] && [ -n "${CLAUDE_CODE_SESSION_ID-}" ] && [ -n "${CLAUDE_PID-}" ] || return 1
  [ "$1" != - ] && [ "$1" != "$CLAUDE_CODE_SESSION_ID" ] || return 1
  [ "$2" != "$CLAUDE_PID" ] || return 1
  case $2 in *[!0-9]* | '') return 1 ;; esac
  [ -r /proc/sys/kernel/random/boot_id ] && [ -r "/proc/$2/stat" ] || return 1
  read -r boot </proc/sys/kernel/random/boot_id && read -r stat <"/proc/$2/stat" || return 1
  start=$3
  # shellcheck disable=SC2086 # the fields behind the command's name, which may hold spaces
  set -- ${stat##*) }
  case ${1-} in [ZX]) return 1 ;; esac
  [ "$boot:${20-}" = "$start" ]
}

# True when a person or the project has settings, which may set an authority for the stops that no build covers, or when
# it cannot be told where they would be.
configured() {
  case ${XDG_CONFIG_HOME-} in
  /*) own=$XDG_CONFIG_HOME ;;
  *) own=${home:+$home/.config} ;;
  esac
  [ ! "$own" ] || [ -f "$own/stopgate/config.json" ] && return 0
  case ${PWD-} in /*) dir=$PWD ;; *) return 0 ;; esac
  while [ "$dir" ]; do
    [ -f "$dir/stopgate.config.json" ] && return 0
    dir=${dir%/*}
  done
  return 1
}

# True when this session, or one that cannot be told apart here, was asked to end once it is idle, or runs in a tmux
# session of ours and has its stops written down.
noted() {
  if [ "$host" = claude ] && [ -n "${CLAUDE_CODE_SESSION_ID-}" ]; then
    [ -f "$state/runtime/requests/$CLAUDE_CODE_SESSION_ID.json" ] || [ -f "$state/armed/rest/$CLAUDE_CODE_SESSION_ID" ]
    return
  fi
  for file in "$state/runtime/requests"/*.json "$state/armed/rest"/*; do
    [ -f "$file" ] && return 0
  done
  return 1
}


# True when this event needs no Node.
idle() {
  case $entry in
  build-stop | stop-gate-router)
    [ -e "$state/armed/off" ] && return 0
    [ "$entry" = stop-gate-router ] && { configured || noted; } && return 1
    for file in "$state/armed/stop"/*; do
      [ -f "$file" ] || continue
      [ -r "$file" ] || return 1
      case ${file##*/} in *[!a-z0-9-]*) continue ;; esac
      session='' pid='' start=''
      read -r session pid start <"$file" || :
      others "${session:--}" "${pid:--}" "${start:--}" || return 1
    done
    return 0
    ;;
  shutdown-after-idle)
    # Armed by the session hook (src/shutdown/armed.ts). Only Claude names its process; Codex's shell becomes this one.
    [ ! -f "$state/armed/hand-off/${CLAUDE_PID:-$PPID}" ] && [ ! -f "$state/armed/hand-off/$PPID" ]
    ;;
  *) return 1 ;;
  esac
}

[ "${STOPGATE_DISABLE-}" = 1 ] && approve
[ -t 0 ] && approve
case $entry in *[!a-z-]* | '') approve ;; esac
[ "$state" ] && idle && approve
[ -w /dev/null ] && command exec 2>/dev/null

# What an uninstall leaves for the sessions that still call it.
[ -f "$root/manifest.json" ] && [ ! -e "$root/current" ] && [ ! -e "$root/versions" ] && approve
bundle=$root/current/hooks/$entry.cjs
compiled=$root/current/code/$entry
[ -f "$bundle" ] || fail "no bundle for this entry"
node=
[ -f "$root/node" ] && [ -r "$root/node" ] && read -r node <"$root/node"
[ -f "$node" ] && [ -x "$node" ] || node=$(command -v node) || fail "no node: neither the recorded one nor one on PATH"
# Options can break Node's start, and extra certificates triple its time: the bundle sets both again (src/io/node-env.ts).
export STOPGATE_NODE_OPTIONS="${NODE_OPTIONS-}" STOPGATE_NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS-}"
# Compiled code needs the option that it was compiled with (src/config/code.ts).
if [ -f "$compiled" ]; then
  set -- "$node" --no-rehash-snapshot "$root/current/boot.cjs" "$@"
else
  set -- "$node" "$bundle" "$@"
fi
# The hosts give up after 10 seconds on a stop and after 5 on most else. A link leads to BusyBox, or to another that may
# not know how to leave Node in the process group that the host ends.
case $entry in build-stop | stop-gate-router) bound=8 ;; *) bound=4 ;; esac
timeout=/usr/bin/timeout
if [ -h "$timeout" ]; then
  set -- "$timeout" -s KILL "$bound" "$@"
elif [ -x "$timeout" ]; then
  set -- "$timeout" --foreground -s KILL "$bound" "$@"
fi
out=$(NODE_OPTIONS='' NODE_EXTRA_CA_CERTS='' "$@")
code=$?
case $out in
'{'*)
  trap 'exit 0' 0
  printf '%s\n' "$out"
  exit 0
  ;;
esac
# Damaged compiled code, or an option that this Node does not know, can end it; the next stop runs from source.
[ "$code" = 137 ] || damaged=$compiled
fail "node ended with $code and no verdict"
