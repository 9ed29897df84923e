#!/bin/sh
# stopgate launcher: <entry> --host <claude|codex>. Prints one JSON object and exits 0, whatever happens.
# Where nothing is armed, or every armed build is another living Claude process's, it answers without starting Node.

exec 2>/dev/null
entry=${1-}
host=
[ "${2-}" = --host ] && host=${3-}
# A path that is not absolute names no place (src/state/paths.ts).
case ${STOPGATE_STATE_DIR-} in
/*) state=$STOPGATE_STATE_DIR ;;
*)
  case ${XDG_STATE_HOME-} in
  /*) state=$XDG_STATE_HOME/stopgate ;;
  *) state=${HOME-}/.local/state/stopgate ;;
  esac
  ;;
esac
case $0 in
*/*) root=${0%/*}/.. ;;
*) root=.. ;;
esac

approve() {
  case $host:$entry in
  claude:build-stop | claude:stop-gate-router) echo '{"decision":"approve"}' ;;
  *) echo '{}' ;;
  esac
  exit 0
}

# Approves and lets a child of no consequence read stdin to its end: the host's write never fails, and a stdin that
# never ends holds nobody up.
pass() {
  [ -t 0 ] || { cat <&3 3<&- >/dev/null & } 3<&0
  approve
}

# One log record for a hook that could not speak, for this person only.
fail() {
  (
    umask 077
    mkdir -p "$state/events" &&
      printf '{"at":"%s","id":"%s","entry":"%s","host":"%s","verdict":"approve","cause":"error","error":"%s"}\n' \
        "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(date +%s)-$$" "$entry" "$host" "$1" >>"$state/events/gate.jsonl"
  )
  pass
}

# True when the build armed as "<session> <agent pid> <agent start>" belongs to another Claude process that is alive:
# then no row of the ownership ladder can make this session its owner.
others() {
  [ "$host" = claude ] && [ -n "${CLAUDE_CODE_SESSION_ID-}" ] && [ -n "${CLAUDE_PID-}" ] || return 1
  [ "$1" != - ] && [ "$1" != "$CLAUDE_CODE_SESSION_ID" ] || return 1
  [ "$2" != - ] && [ "$2" != "$CLAUDE_PID" ] || return 1
  read -r boot </proc/sys/kernel/random/boot_id || return 1
  read -r stat <"/proc/$2/stat" || return 1
  start=$3
  # shellcheck disable=SC2086 # the fields behind the command's name, which may hold spaces
  set -- ${stat##*) }
  case ${1-} in [ZX]) return 1 ;; esac
  [ "$boot:${20-}" = "$start" ]
}

# True when a person or the project has settings, which may set an authority for the stops that no build covers.
configured() {
  case ${XDG_CONFIG_HOME-} in
  /*) own=$XDG_CONFIG_HOME ;;
  *) own=${HOME-}/.config ;;
  esac
  [ -f "$own/stopgate/config.json" ] && return 0
  dir=${PWD-}
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

[ "${STOPGATE_DISABLE-}" = 1 ] && pass
[ -t 0 ] && approve

case $entry in
build-stop | stop-gate-router)
  [ -e "$state/armed/off" ] && pass
  mine=
  [ "$entry" = stop-gate-router ] && { configured || noted; } && mine=maybe
  for file in "$state/armed/stop"/*; do
    [ -f "$file" ] || continue
    case ${file##*/} in *[!a-z0-9-]*) continue ;; esac
    read -r session pid start <"$file" || :
    others "${session:--}" "${pid:--}" "${start:--}" || mine=maybe
  done
  [ "$mine" ] || pass
  ;;
shutdown-after-idle)
  # Armed by the session hook (src/shutdown/armed.ts). Only Claude names its process; Codex's shell becomes this one.
  [ -f "$state/armed/hand-off/${CLAUDE_PID:-$PPID}" ] || [ -f "$state/armed/hand-off/$PPID" ] || pass
  ;;
*[!a-z-]* | '') pass ;;
esac

# What an uninstall leaves for the sessions that still call it.
[ -f "$root/manifest.json" ] && [ ! -e "$root/current" ] && [ ! -e "$root/versions" ] && pass
bundle=$root/current/hooks/$entry.cjs
compiled=$root/current/code/$entry
[ -f "$bundle" ] || fail "no bundle for this entry"
node=
[ -r "$root/node" ] && read -r node <"$root/node"
[ -x "$node" ] || node=$(command -v node) || fail "no node: neither the recorded one nor one on PATH"
# Options can break Node's start, and extra certificates triple its time: the bundle sets both again (src/io/node-env.ts).
export STOPGATE_NODE_OPTIONS="${NODE_OPTIONS-}" STOPGATE_NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS-}"
# Compiled code needs the option that it was compiled with (src/config/code.ts).
if [ -f "$compiled" ]; then
  set -- --no-rehash-snapshot "$root/current/boot.cjs" "$@"
else
  set -- "$bundle" "$@"
fi
out=$(NODE_OPTIONS='' NODE_EXTRA_CA_CERTS='' "$node" "$@")
code=$?
case $out in
'{'*) printf '%s\n' "$out" ;;
*)
  # Damaged compiled code, or an option that this Node does not know, can end it; the next stop runs from source.
  rm -f "$compiled"
  fail "node ended with $code and no verdict"
  ;;
esac
exit 0
