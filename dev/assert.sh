# shellcheck shell=sh
# For dev/test --assert and --valgrind: a PostgreSQL with its assertions on, built once from the
# source of the distribution's own package and kept in $cache.

# archives: "URI SUITE" of every archive that this machine's apt uses
archives()
{
  # shellcheck disable=SC2016  # apt's own variables
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' |
    awk '$3 == "main" && !seen[$1 $2]++ { print $1, $2 }'
}

# keyring: the option that names the distribution's keys, where apt needs to be told
keyring()
{
  for file in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/ubuntu-archive-keyring.gpg; do
    if [ -e "$file" ]; then
      printf '[signed-by=%s]' "$file"
      return
    fi
  done
}

# fetch_source MAJOR: downloads the source of postgresql-MAJOR to the current directory. An archive
# may list a source that it does not have; then the next one is asked. The lists are private: the
# machine's own apt stays as it is.
fetch_source()
{
  have apt-get || fail 'this needs the source package of a Debian or Ubuntu'
  mkdir -p apt/lists/partial apt/cache/archives/partial
  archives >apt/archives
  while read -r uri suite; do
    echo "deb-src $(keyring) $uri $suite main" >apt/list
    for action in update "source --download-only postgresql-$1"; do
      # shellcheck disable=SC2086  # two words or three
      run apt-get -q -o "Dir::Etc::SourceList=$PWD/apt/list" -o Dir::Etc::SourceParts=- \
        -o "Dir::State::Lists=$PWD/apt/lists" -o "Dir::Cache=$PWD/apt/cache" -o APT::Sandbox::User=root \
        $action >>"$logs/source.log" 2>&1 || break
    done
    for tarball in "postgresql-$1"_*.orig.tar.*; do
      case $tarball in
        *'*'* | *.asc) ;;
        *) return ;;
      esac
    done
  done <apt/archives
  fail "no archive of this machine's apt has the source of postgresql-$1" "$logs/source.log"
}

# assert_postgres: sets $pg_config to that PostgreSQL, which it builds where it is not there yet.
# The original source is taken, not the package's: that one installs over the system's files.
assert_postgres()
{
  prefix=$cache/postgresql-$running_major-$flavour
  mkdir -p "$cache"
  lock "$prefix"
  if ! [ -x "$prefix/bin/postgres" ]; then
    step "building PostgreSQL $running_major with assertions into $prefix (once; some minutes)"
    rm -rf "$prefix.new"
    mkdir -p "$work/source/tree"
    cd "$work/source"
    fetch_source "$running_major"
    tar -x -f "$tarball" -C tree --strip-components=1 || fail "$tarball could not be unpacked"
    flags='-O1 -g -fno-omit-frame-pointer'
    [ "$flavour" = assert ] || flags="$flags -DUSE_VALGRIND"
    cd tree
    run ./configure --prefix="$prefix.new" --enable-cassert --enable-debug \
      --without-readline --without-zlib --without-icu CFLAGS="$flags" >"$logs/postgres.log" 2>&1 ||
      fail 'configure failed' "$logs/postgres.log"
    run make -s -j "$(nproc)" >>"$logs/postgres.log" 2>&1 || fail 'make failed' "$logs/postgres.log"
    run make -s install >>"$logs/postgres.log" 2>&1 || fail 'make install failed' "$logs/postgres.log"
    cp src/tools/valgrind.supp "$prefix.new/share/"
    cd "$root"
    rm -rf "$work/source"
    mv "$prefix.new" "$prefix"
  fi
  unlock
  major=
  pg_config=$prefix/bin/pg_config
  install_missing
}
