# shellcheck shell=sh
# The shared set-up of dev/demo, dev/test, dev/bench, dev/matrix and dev/manual-index: what a script
# needs between "nothing is installed" and "a private server with kam in it is running", and the way back.
#
# A script sources this file after setting $root (the checkout) and $script (its own name), then
# calls, in this order: begin, find_postgres, install_missing, build, make_private_postgres and
# start_server. Everything that is made is in $work and gone when the script ends, however it ends;
# only build products, and the logs of a run that failed, stay in $state.
#
# The server is never the machine's own. Its programs and libraries are copied to $work, kam is
# installed into that copy, and it listens on a socket in $work only: nothing outside is changed,
# nothing needs more rights than its caller has, and any number of runs can go on side by side.

set -eu

version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" "$root/kam.control")
step='start'
started_in=$PWD
work=
logs=
child=
server=
drop_in=
as_server=
asroot=
flavour=
llvm=
needs_pgtap=no
needs_programs=
needs_packages=

# ---------------------------------------------------------------------------------------------
# Saying what happens
# ---------------------------------------------------------------------------------------------

# step TEXT: one line on what is being done now; a failure names it
step()
{
  step=$1
  printf '==> %s\n' "$1"
}

# fail REASON [LOG]: the step that failed, why, the end of its log and where the logs are
fail()
{
  {
    printf '\n%s: FAILED at: %s\n' "$script" "$step"
    printf '%s\n' "$1"
    if [ -n "${2:-}" ] && [ -s "$2" ]; then
      printf -- '--- the end of %s\n' "$2"
      tail -n 25 "$2"
      printf -- '---\n'
    fi
  } >&2
  exit 1
}

# usage: the comment at the head of the script, for --help and for options that do not exist
usage()
{
  sed -n '2,/^$/s/^# \{0,1\}//p' "$root/dev/$script"
}

# ---------------------------------------------------------------------------------------------
# Places, and leaving them clean
# ---------------------------------------------------------------------------------------------

# may_write DIRECTORY: can it be made, or written where it is there already?
may_write()
{
  mkdir -p "$1" 2>/dev/null && [ -w "$1" ]
}

# Places for what outlives a run: $state beside the sources, where it can be written and has no
# blank in its name (make would stumble), or else in $cache.
choose_places()
{
  if [ "$(id -u)" = 0 ]; then
    cache=${KAM_CACHE:-/var/cache/kam}
  else
    cache=${KAM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/kam}
  fi
  case $root in
    *[[:space:]]*) state= ;;
    *) state=$root/tmp_check ;;
  esac
  if [ -z "$state" ] || ! may_write "$state/build" || ! may_write "$state/log"; then
    state=$cache/checkout-$(printf '%s' "$root" | cksum | cut -d ' ' -f 1)
    may_write "$state/build" && may_write "$state/log" ||
      fail "neither $root/tmp_check nor $state can be written; set KAM_CACHE to a directory of yours"
  fi
  case $state in
    *[[:space:]]*) fail "'$state' has a blank in its name, which make cannot bear; set KAM_CACHE to another directory" ;;
  esac

  find "$state/log" -mindepth 1 -maxdepth 1 -mtime +7 -exec rm -rf {} + 2>/dev/null || :
  logs=$state/log/$script-$(date +%Y%m%d-%H%M%S)-$$
  mkdir "$logs"
}

# A short path without blanks for $work: a socket's path may have 107 characters
make_work_directory()
{
  base=${TMPDIR:-/tmp}
  case $base in
    *[[:space:],]* | ?????????????????????????????????????????*) base=/tmp ;;
  esac
  work=$(mktemp -d "$base/kam.XXXXXX")
}

# wait_for_end PROCESS SECONDS: waits for a process that has been told to end; after so many seconds it
# is made to, with its process group
wait_for_end()
{
  # shellcheck disable=SC2016  # for the inner shell
  setsid sh -c 'sleep "$2"; kill -s QUIT "$1"; sleep 10; kill -s KILL -- "-$1"' sh "$1" "$2" >/dev/null 2>&1 </dev/null &
  helper=$!
  wait "$1" 2>/dev/null || :
  kill -s KILL -- "-$helper" 2>/dev/null || kill -s KILL "$helper" 2>/dev/null || :
  wait "$helper" 2>/dev/null || :
}

# last_words STATUS: what a script says after everything is cleaned up; a script may have its own
last_words() { :; }

# clean_up: runs when the script ends, for whatever reason; stops and removes all that it started
clean_up()
{
  rc=$?
  trap - EXIT
  trap '' INT TERM HUP
  if [ -n "$child" ]; then
    kill -s TERM -- "-$child" 2>/dev/null || kill -s TERM "$child" 2>/dev/null || :
    wait_for_end "$child" 10
  fi
  if [ -n "$drop_in" ]; then
    $asroot rm -f "$drop_in"
  fi
  stop_server QUIT
  if [ -n "$work" ]; then
    rm -rf "$work"
  fi
  if [ -n "$logs" ] && [ -d "$logs" ]; then
    if [ "$rc" = 0 ] || [ "$rc" -gt 128 ] || [ -z "$(ls -A "$logs")" ]; then
      rm -rf "$logs"
    else
      printf '%s: the logs are in %s\n' "$script" "$logs" >&2
    fi
  fi
  last_words "$rc"
  exit "$rc"
}

# run COMMAND...: runs a command in a process group of its own and waits for it in a way that a
# signal can interrupt, so that clean_up can end it with everything it has started
run()
{
  setsid "$@" </dev/null &
  child=$!
  rc=0
  wait "$child" || rc=$?
  child=
  return "$rc"
}

# lock PLACE: waits until no other run works there, and keeps the others waiting until unlock
lock()
{
  have flock || return 0
  exec 9>"$1.lock"
  flock -n 9 || { printf '    waiting for another run that works in %s\n' "$1"; run flock 9; }
}

unlock()
{
  exec 9>&-
}

# ---------------------------------------------------------------------------------------------
# Finding PostgreSQL, and installing what is missing
# ---------------------------------------------------------------------------------------------

have() { command -v "$1" >/dev/null 2>&1; }

# become_root PACKAGES: sets $asroot to what a command needs in front of it to run as root
become_root()
{
  [ "$(id -u)" != 0 ] || return 0
  have sudo || fail "this needs root, and there is no sudo here; as root: apt-get install $1"
  sudo -n true 2>/dev/null || sudo true || fail "this needs root, and sudo refuses; as root: apt-get install $1"
  asroot=sudo
}

# apt_get ARGUMENT...: apt-get as root, without questions
apt_get()
{
  $asroot env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 "$@" \
    </dev/null >>"$logs/apt.log" 2>&1
}

# apt_update: fetches the package lists, once in a run
apt_update()
{
  [ -z "${apt_updated:-}" ] || return 0
  until apt_get update; do
    # Another apt may be at it.
    tail -n 3 "$logs/apt.log" | grep -q 'lists/lock' ||
      fail 'the package lists could not be fetched (is there a network?)' "$logs/apt.log"
    sleep 3
  done
  apt_updated=yes
}

# try_install PACKAGE...: installs what is welcome but can be done without; false where that fails or
# would ask for a password
try_install()
{
  have apt-get || return 1
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 1
    asroot=sudo
  fi
  set -- -o Acquire::Retries=0 -o Acquire::http::Timeout=20 install --no-install-recommends "$@"
  apt_get "$@" || { apt_get -o Acquire::Retries=0 -o Acquire::http::Timeout=20 update && apt_get "$@"; }
}

# newest_installed: the newest major version whose server is installed from packages
newest_installed()
{
  for server_program in /usr/lib/postgresql/*/bin/postgres; do
    [ ! -x "$server_program" ] || printf '%s\n' "$server_program"
  done | cut -d / -f 5 | sort -n | tail -n 1
}

# newest_installable: the major version that the distribution itself prefers
newest_installable()
{
  apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | head -n 1
}

# check_major MAJOR: is this version new enough for kam?
check_major()
{
  [ "$1" -ge 15 ] ||
    fail "kam needs PostgreSQL 15 or newer, and this one is $1; set PG_CONFIG to the pg_config of a newer one"
}

# find_postgres: sets $pg_config and, for the distribution's own PostgreSQL, $major. PG_CONFIG names
# another server; PGVERSION another of the distribution's versions.
find_postgres()
{
  step 'looking for PostgreSQL'
  major=
  if [ -n "${PG_CONFIG:-}" ]; then
    pg_config=$(cd "$started_in" && command -v "$PG_CONFIG") || fail "PG_CONFIG is '$PG_CONFIG', and there is no such program"
    case $pg_config in
      /*) ;;
      *) pg_config=$started_in/$pg_config ;;
    esac
    return
  fi
  major=${PGVERSION:-$(newest_installed)}
  if [ -z "$major" ]; then
    have apt-get || fail 'no PostgreSQL is installed in /usr/lib/postgresql; on a system other than Debian or Ubuntu, set PG_CONFIG to the pg_config of your server'
    major=$(newest_installable)
    if [ -z "$major" ]; then
      become_root postgresql
      apt_update
      major=$(newest_installable)
    fi
    [ -n "$major" ] || fail 'apt knows no package "postgresql"; set PG_CONFIG to the pg_config of your server'
  fi
  check_major "$major"
  pg_config=/usr/lib/postgresql/$major/bin/pg_config
}

# missing_packages: the Debian packages of what is not there yet, found without asking apt
missing_packages()
{
  if [ -n "$major" ]; then
    home=/usr/lib/postgresql/$major
    [ -x "$home/bin/postgres" ] || printf 'postgresql-%s ' "$major"
    [ -e "$home/lib/pgxs/src/makefiles/pgxs.mk" ] && [ -e "/usr/include/postgresql/$major/server/postgres.h" ] ||
      printf 'postgresql-server-dev-%s ' "$major"
    if [ "$needs_pgtap" = yes ] && [ -z "$(find_pgtap "/usr/share/postgresql/$major")" ]; then
      printf 'postgresql-%s-pgtap ' "$major"
    fi
  fi
  have gcc || printf 'gcc '
  [ -e /usr/include/stdio.h ] || printf 'libc6-dev '
  have make || printf 'make '
  if [ "$needs_pgtap" = yes ]; then
    have pg_prove || printf 'libtap-parser-sourcehandler-pgtap-perl '
  fi
  for package_and_program in $needs_programs; do
    have "${package_and_program#*:}" || printf '%s ' "${package_and_program%:*}"
  done
  for package in $needs_packages; do
    # shellcheck disable=SC2016  # dpkg's own variables
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s ' "$package"
  done
}

# install_missing: installs the missing packages and sets what $pg_config says ($bindir, $sharedir,
# $pkglibdir, $pgversion, $running_major). Debian's server package would create and start a
# cluster "main"; while it is being installed, a setting of postgresql-common prevents that.
install_missing()
{
  packages=$(missing_packages)
  if [ -n "$packages" ]; then
    step "installing $packages"
    have apt-get || fail "missing: what Debian calls $packages; this is no Debian or Ubuntu, so please install it yourself"
    become_root "$packages"
    apt_update
    settings=/etc/postgresql-common/createcluster.d
    drop_in=$settings/kam-dev-$$.conf
    $asroot mkdir -p "$settings"
    echo 'create_main_cluster = off' | $asroot tee "$drop_in" >/dev/null
    # shellcheck disable=SC2086  # a list of packages
    apt_get install --no-install-recommends $packages ||
      fail "apt-get could not install $packages" "$logs/apt.log"
    $asroot rm -f "$drop_in"
    drop_in=
  fi

  bindir=$("$pg_config" --bindir)
  sharedir=$("$pg_config" --sharedir)
  pkglibdir=$("$pg_config" --pkglibdir)
  pgversion=$("$pg_config" --version)
  [ -x "$bindir/postgres" ] && [ -x "$bindir/initdb" ] ||
    fail "$pg_config belongs to a PostgreSQL without a server: there is no postgres and initdb in $bindir"
  running_major=${pgversion#PostgreSQL }
  running_major=${running_major%%[!0-9]*}
  check_major "$running_major"
  [ -e "$("$pg_config" --pgxs)" ] && [ -e "$("$pg_config" --includedir-server)/postgres.h" ] ||
    fail "the server's development files are missing: $("$pg_config" --pgxs) or postgres.h in $("$pg_config" --includedir-server)"
}

# find_pgtap SHAREDIR: the directory that has pgTAP's files: this server's, or another's of the
# machine, because pgTAP is plain SQL; nothing where there is none
find_pgtap()
{
  for directory in "$1/extension" $(printf '%s\n' /usr/share/postgresql/*/extension | sort -t / -k 5,5nr); do
    if [ -e "$directory/pgtap.control" ]; then
      printf '%s\n' "$directory"
      return
    fi
  done
}

# ---------------------------------------------------------------------------------------------
# Building
# ---------------------------------------------------------------------------------------------

# build [NAME=VALUE...]: builds a copy of the sources in $state, with these make variables, and
# copies the result to $work/src. The copy in $state keeps its objects, one directory for each
# server and set of variables, so that the next build compiles only what has changed.
build()
{
  step "building kam $version for $pgversion${flavour:+ ($flavour)}"
  # A server built with LLVM asks for clang; where there is none, kam does without bitcode.
  clang=$(sed -n 's/^CLANG *= *//p' "$(dirname "$("$pg_config" --pgxs)")/../Makefile.global")
  have "${clang:-clang}" || llvm='with_llvm=no'

  kind=$({ "$pg_config"; printf '%s\n' "$llvm" "${COPT:-}" "${OPTFLAGS:-}" "$@"; } | cksum | cut -d ' ' -f 1)
  tree=$state/build/$(printf '%s' "${pgversion#PostgreSQL }" | cut -d ' ' -f 1)${flavour:+-$flavour}-$kind
  lock "$tree"

  # A change to the Makefile, the list of files or the compiler starts from nothing.
  (cd "$root" && cat Makefile kam.control && ls src/*.[ch] && gcc --version) >"$work/contents"
  cmp -s "$work/contents" "$tree/.contents" || rm -rf "$tree"
  mkdir -p "$tree/src"
  for file in "$root"/src/*.[ch]; do
    cmp -s "$file" "$tree/src/${file##*/}" || cp "$file" "$tree/src/"
  done
  (cd "$tree" && rm -rf sql test expected)
  (cd "$root" && cp -R Makefile kam.control sql test expected "$tree/")
  rm -f "$tree/sql/kam--$version.sql"
  mv "$work/contents" "$tree/.contents"

  # shellcheck disable=SC2086  # $llvm is one word or none
  run make -s -C "$tree" -j "$(nproc)" PG_CONFIG="$pg_config" $llvm "$@" >"$logs/build.log" 2>&1 ||
    fail "make failed$(grep -q 'Werror=' "$logs/build.log" && echo '; COPT= before the command lets warnings pass')" "$logs/build.log"
  grep -A 4 'warning: ' "$logs/build.log" || :
  cp -R --preserve=timestamps "$tree" "$work/src"
  unlock
}

# ---------------------------------------------------------------------------------------------
# The private server
# ---------------------------------------------------------------------------------------------

# make_private_postgres: copies the server to $work/pg and installs kam there. PostgreSQL finds its
# files from where its programs are, so the copy only has to keep the directories' relation.
make_private_postgres()
{
  step "installing it into a private copy of $bindir and its libraries"
  if [ "$(id -u)" = 0 ]; then
    # PostgreSQL refuses to run as root.
    server_user=postgres
    id "$server_user" >/dev/null 2>&1 || server_user=nobody
    as_server="setpriv --reuid=$server_user --regid=$(id -g "$server_user") --init-groups --"
    chgrp "$(id -g "$server_user")" "$work"
    chmod 750 "$work"
    install -d -o "$server_user" "$work/server" "$work/scratch"
    chmod 777 "$work/scratch"
  else
    mkdir "$work/server" "$work/scratch"
  fi

  private=$work/pg
  mkdir -p "$private$bindir" "$private$pkglibdir" "$private$sharedir"
  {
    cp -as "$bindir/." "$private$bindir/" &&
      cp --remove-destination -L "$bindir/postgres" "$bindir/initdb" "$bindir/pg_config" "$private$bindir/" &&
      cp -a "$pkglibdir/." "$private$pkglibdir/" &&
      cp -a "$sharedir/." "$private$sharedir/" &&
      rm -f "$private$pkglibdir/kam.so" "$private$sharedir"/extension/kam[.-]* &&
      chmod -R go+rX "$private"
  } >"$logs/copy.log" 2>&1 || fail "the server could not be copied to $private" "$logs/copy.log"

  PG_CONFIG=$private$bindir/pg_config
  [ "$("$PG_CONFIG" --sharedir)" = "$private$sharedir" ] && [ "$("$PG_CONFIG" --pkglibdir)" = "$private$pkglibdir" ] ||
    fail "this PostgreSQL does not run from $private (is ${work%/*} a place for programs? if not, set TMPDIR); make, make install and make installcheck do without these scripts"

  # shellcheck disable=SC2086  # $llvm is one word or none
  run make -C "$work/src" PG_CONFIG="$PG_CONFIG" $llvm install >"$logs/install.log" 2>&1 ||
    fail 'make install failed' "$logs/install.log"

  if [ "$needs_pgtap" = yes ] && ! [ -e "$private$sharedir/extension/pgtap.control" ]; then
    pgtap=$(find_pgtap "$sharedir")
    [ -n "$pgtap" ] ||
      fail "pgTAP is neither in $sharedir/extension nor in /usr/share/postgresql: install it from its source with PG_CONFIG=$pg_config, or any package postgresql-…-pgtap"
    cp "$pgtap"/pgtap*.sql "$pgtap"/pgtap.control "$private$sharedir/extension/"
  fi
}

# start_server [NAME=VALUE...]: makes a cluster and starts it with these settings; from here on psql
# and friends mean this server. $server_environment and $server_wrapper go in front of postgres.
start_server()
{
  step "starting a private server${flavour:+ ($flavour)}"
  # Nothing of the caller's own server may reach the tests.
  for name in $(env | sed -n 's/^\(PG[A-Z_]*\)=.*/\1/p'); do
    unset "$name"
  done
  PG_CONFIG=$private$bindir/pg_config
  PGHOST=$work/server PGPORT=54320 PGUSER=postgres PGDATABASE=postgres
  PATH=$private$bindir:$PATH
  LC_ALL=C.UTF-8 PSQL_PAGER=cat
  KAM_WORK=$work/scratch
  export PG_CONFIG PGHOST PGPORT PGUSER PGDATABASE PATH LC_ALL PSQL_PAGER KAM_WORK
  unset LANGUAGE

  # PostgreSQL starts only from a directory that its user may enter.
  cd "$work/server"
  # shellcheck disable=SC2086  # lists of words
  run $as_server env HOME="$work/server" "$private$bindir/initdb" -D data -U postgres -A trust \
    -E UTF8 --locale=C.UTF-8 --no-sync >"$logs/initdb.log" 2>&1 ||
    fail 'initdb failed' "$logs/initdb.log"
  for setting in listen_addresses= "unix_socket_directories=$PGHOST" "port=$PGPORT" fsync=off \
    full_page_writes=off synchronous_commit=off timezone=UTC "$@"; do
    printf "%s = '%s'\n" "${setting%%=*}" "${setting#*=}"
  done >"$work/settings"
  cat "$work/settings" >>data/postgresql.conf
  # shellcheck disable=SC2086  # lists of words
  setsid $as_server env HOME="$work/server" ${server_environment:-} ${server_wrapper:-} \
    "$private$bindir/postgres" -D data >"$logs/server.log" 2>&1 </dev/null &
  server=$!
  cd "$root"

  wait_for_server || fail 'the server did not start' "$logs/server.log"
}

# wait_for_server: until it takes connections (again, after a crash), for two minutes at most
wait_for_server()
{
  tries=0
  until pg_isready -q; do
    tries=$((tries + 1))
    if [ "$tries" -gt 1200 ] || ! kill -0 "$server" 2>/dev/null; then
      return 1
    fi
    sleep 0.1
  done
}

# make_database NAME [SCHEMA]: a database with kam in it, in that schema
make_database()
{
  psql -X -q -v ON_ERROR_STOP=1 -c "CREATE DATABASE $1" -c "\\connect $1" \
    -c "CREATE SCHEMA IF NOT EXISTS ${2:-public}" -c "CREATE EXTENSION kam SCHEMA ${2:-public}" \
    >"$logs/database.log" 2>&1 || fail "the database $1 could not be made" "$logs/database.log"
}

# stop_server SIGNAL: INT lets the server end in order, QUIT at once
stop_server()
{
  [ -n "$server" ] || return 0
  kill -s "$1" "$server" 2>/dev/null || :
  wait_for_end "$server" 30
  server=
}

# begin: makes the places for work and logs, and sets the traps that clean up
begin()
{
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  choose_places
  make_work_directory
  cd "$root"
}
