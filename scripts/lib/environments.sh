# Makes the virtual environments. Sourced by scripts/setup, after python.sh.
# Needs: $cache, $here.

HOME_ASSISTANT_DEMO='homeassistant>=2026.11,<2026.12'
DEMO_INTEGRATIONS='energy history logbook modbus recorder usb'
# As in requirements_test.txt.
POSTGRESQL_DRIVER='psycopg[binary]==3.3.9'
SOLVER='scipy==1.18.1'

export UV_NATIVE_TLS=1 UV_LINK_MODE=${UV_LINK_MODE:-copy} UV_CACHE_DIR=${UV_CACHE_DIR:-$cache/uv-cache} UV_NO_PROGRESS=1

# Prints uv's path; fetches it with the given Python where it is missing.
need_uv() {
  local python=$1 wheel
  find_uv && return
  wheel=$(find "$cache/debian/root/usr/share/python-wheels" -name 'pip-*.whl' 2>/dev/null | head -n 1)
  PYTHONPATH=$wheel "$python" -m pip install --quiet --root-user-action ignore --break-system-packages --target "$cache/uv" uv >&2 ||
    fail "uv could not be fetched from PyPI" "check the network, or install uv (docs.astral.sh/uv), then run scripts/setup again"
  printf '%s\n' "$cache/uv/bin/uv"
}

# fingerprint WORDS...: what an environment was made of.
fingerprint() { cat - <(printf '%s\n' "$@") | sha256sum | cut -d' ' -f1; }

# True where the environment was made of exactly this.
up_to_date() { [ -x "$1/bin/python" ] && "$1/bin/python" -c '' 2>/dev/null && [ "$(cat "$1/.made-of" 2>/dev/null)" = "$2" ]; }

# fresh_environment UV PYTHON FOLDER: an empty environment, unless there is one with this Python.
fresh_environment() {
  local version
  version=$("$2" -c 'import sys; print(sys.version)')
  if [ ! -x "$3/bin/python" ] || [ "$("$3/bin/python" -c 'import sys; print(sys.version)' 2>/dev/null)" != "$version" ]; then
    rm -rf "$3"
    "$1" venv --quiet --python "$2" "$3"
  fi
}

install_failed() {
  fail "packages for $1 could not be installed" "read the lines above, check the network, then run scripts/setup again: it goes on where it stopped"
}

make_test_environment() {
  local python uv made_of
  python=$(find_python)
  made_of=$(fingerprint "$("$python" -V)" <requirements_test.txt)
  if ! up_to_date .venv "$made_of"; then
    say "setup: making .venv (tests)"
    uv=$(need_uv "$python")
    fresh_environment "$uv" "$python" .venv
    "$uv" pip install --quiet --python .venv/bin/python -r requirements_test.txt >&2 || install_failed .venv
    printf '%s\n' "$made_of" >.venv/.made-of
  fi
  need_node_modules
  need_chromium
  need_postgresql
}

# The packages that build and test the dashboard, exactly as the lock file has them.
need_node_modules() {
  local made_of
  made_of=$(cat frontend/package-lock.json frontend/package.json | fingerprint "$(.venv/bin/node --version)")
  [ "$(cat frontend/node_modules/.made-of 2>/dev/null)" = "$made_of" ] && return
  say "setup: making frontend/node_modules (dashboard)"
  # Not `npm ci`: it wants a lock file that names servers.
  scripts/npm install --no-save --silent >&2 || install_failed frontend/node_modules
  printf '%s\n' "$made_of" >frontend/node_modules/.made-of
}

make_demo_environment() {
  local python uv made_of requirements
  python=$(find_python)
  made_of=$(fingerprint "$("$python" -V)" "$HOME_ASSISTANT_DEMO" <scripts/lib/environments.sh)
  up_to_date .venv-demo "$made_of" && return
  say "setup: making .venv-demo (Home Assistant with its frontend)"
  uv=$(need_uv "$python")
  fresh_environment "$uv" "$python" .venv-demo
  "$uv" pip install --quiet --python .venv-demo/bin/python "$HOME_ASSISTANT_DEMO" >&2 || install_failed .venv-demo
  requirements=.venv-demo/requirements.txt
  # shellcheck disable=SC2086 -- a list of names
  .venv-demo/bin/python scripts/lib/ha_requirements.py $DEMO_INTEGRATIONS >"$requirements"
  "$uv" pip install --quiet --python .venv-demo/bin/python -r "$requirements" "$POSTGRESQL_DRIVER" "$SOLVER" \
    -c .venv-demo/lib/python3.14/site-packages/homeassistant/package_constraints.txt >&2 || install_failed .venv-demo
  printf '%s\n' "$made_of" >.venv-demo/.made-of
}

# Prints the path of a Chromium, or nothing.
find_chromium() {
  local candidate
  for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    [ -n "$candidate" ] && command -v "$candidate" && return
  done
  return 0
}

# The browser tests need a Chromium: install Debian's where that is allowed, else say that they will be skipped.
need_chromium() {
  [ -n "$(find_chromium)" ] && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "setup: installing Chromium"
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium fonts-dejavu-core; } >"$cache/chromium.log" 2>&1 ||
      say "setup: Chromium could not be installed, see $cache/chromium.log: the browser tests will be skipped"
  else
    say "setup: no Chromium on the PATH: the browser tests will be skipped. Install it, or set CHROMIUM to its path."
  fi
}

# Prints the folder of a PostgreSQL server's programs, or nothing.
find_postgresql() {
  local candidate
  for candidate in "${POSTGRESQL_BIN:-/nowhere}/initdb" "$(command -v initdb || true)" /usr/lib/postgresql/*/bin/initdb; do
    [ -x "$candidate" ] && dirname "$candidate" && return
  done
  return 0
}

# The archive's tests and benchmark start a PostgreSQL server of their own: install Debian's programs where that is
# allowed.
need_postgresql() {
  [ -n "$(find_postgresql)" ] && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "setup: installing PostgreSQL"
    {
      apt-get -qq update
      DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends postgresql-common
      # The package would make and start a server for the whole machine.
      mkdir -p /etc/postgresql-common/createcluster.d
      echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/legrand_ews.conf
      DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends postgresql
    } >"$cache/postgresql.log" 2>&1 || say "setup: PostgreSQL could not be installed, see $cache/postgresql.log"
  else
    say "setup: no PostgreSQL server: install it, or set POSTGRESQL_BIN to the folder of its initdb," \
      "or set LEGRAND_EWS_WITHOUT_POSTGRESQL=1 to leave its tests out"
  fi
}
