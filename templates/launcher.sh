#!/bin/sh
# stopgate launcher: <entry> --host <claude|codex>. Prints one JSON object and exits 0, whatever happens.
# What needs more than a look at a few names it leaves to Node: a session that may own a build, that is watched or new.
# Called as a program, or read in by the registered command with itself as $0 (docs/adr/0012-launcher-exit-code.md).
# It forks for Node and for the head of a Codex payload, and only as a command substitution: no shell can end on that before
# the trap has spoken.

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

# Tells the session, where its id is a file name. Claude Code names it in the environment. Codex has it at the head of the
# payload, as its first key; what was read of that goes to Node with the environment (src/io/payload-head.ts).
known() {
  case $host in
  claude) session=${CLAUDE_CODE_SESSION_ID-} ;;
  codex)
    [ -w /dev/null ] || return 1
    head=$(dd bs=64 count=1 2>/dev/null && echo .)
    export STOPGATE_PAYLOAD_HEAD="${head%.}"
    session=${STOPGATE_PAYLOAD_HEAD#'{"session_id":"'}
    case $session in "$STOPGATE_PAYLOAD_HEAD") return 1 ;; *'"'*) session=${session%%'"'*} ;; *) return 1 ;; esac
    ;;
  *) return 1 ;;
  esac
  case $session in *[!A-Za-z0-9_-]* | '') return 1 ;; esac
  [ "${#session}" -le 100 ] && turn=$state/turns/$session
}

# True when this session could own an armed build (src/build/armed.ts). One whose start Node saw was judged by its place
# then; of another one the place still counts.
mine() {
  [ -e "$state/armed/by/session/$session" ] && return 0
  [ -e "$state/armed/stop" ] || return 1
  [ -e "$state/armed/keyed" ] || return 0
  [ "$state/armed/stop" -nt "$state/armed/keyed" ] && return 0
  [ -e "$state/armed/by/name" ] && [ "${TMUX_PANE-}" ] && return 0
  [ -e "$turn/quiet" ] && return 1
  server=${TMUX-}
  server=${server%,*}
  pane=${TMUX_PANE-}
  [ -e "$state/armed/by/pane/${server##*,}-${pane#%}" ] || [ -e "$state/armed/by/agent/${CLAUDE_PID:-$PPID}" ]
}

# Leaves the time of now behind, as that of an empty file of this session (src/session/turn.ts).
leave() {
  if [ -e "$1" ] || [ -h "$1" ]; then [ -f "$1" ] && [ ! -h "$1" ] || return 1; fi
  umask 077
  command : >"$1"
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

# True when this session was asked to end once it is idle, or runs in a tmux session of ours and has its stops written down.
noted() {
  [ -f "$state/runtime/requests/$session.json" ] || [ -f "$state/armed/rest/$session" ]
}

# True when nothing here depends on which session stops.
nothing_kept() {
  [ ! -e "$state/turns" ] && [ ! -e "$state/armed/by" ] && [ ! -e "$state/armed/rest" ] && [ ! -e "$state/runtime/requests" ]
}

# As noted, for a session that cannot be told.
any_noted() {
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
    router=
    [ "$entry" = stop-gate-router ] && router=yes
    [ "$router" ] && configured && return 1
    cause=inactive
    [ -e "$state/armed/stop" ] && cause=foreign
    if [ "$cause" = inactive ] && nothing_kept; then return 0; fi
    if known; then
      [ "$router" ] && noted && return 1
      mine && return 1
      [ ! -d "$turn" ] || leave "$turn/stop-$cause"
      return 0
    fi
    [ "$cause" = inactive ] && { [ ! "$router" ] || ! any_noted; }
    ;;
  prompt)
    known && [ -e "$turn/quiet" ] && ! noted && ! mine && leave "$turn/prompt"
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
program=$entry
[ "$entry" = prompt ] && program=session
shift
set -- "$program" "$@"
bundle=$root/current/hooks/$program.cjs
compiled=$root/current/code/$program
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
