#!/bin/sh
# The one test command: installs what the tests need and is missing, then formatting, lints, documentation and every
# test on both databases. On a machine with nothing but Rust it asks for root once, through sudo, to install packages.
#
#   sh conformance/run.sh
#
# The tests start a PostgreSQL cluster of their own in a temporary folder; a server that is installed or running is
# neither used nor touched.
set -eu
cd "$(dirname "$0")/.."

step() {
    printf '\n== %s\n' "$*"
}

# The newest PostgreSQL server programs of this machine, if they are of version 15 or later.
postgres_programs() {
    for program in /usr/lib/postgresql/*/bin/initdb "$(command -v initdb || true)"; do
        if [ -x "$program" ] && [ "$("$program" --version | tr -dc '0-9.\n' | cut -d. -f1)" -ge 15 ]; then
            echo "$program"
        fi
    done | sort -V | tail -n 1
}

missing=""
command -v cc >/dev/null || missing="$missing build-essential"
command -v xmllint >/dev/null || missing="$missing libxml2-utils"
[ -n "$(postgres_programs)" ] || missing="$missing postgresql"

if [ -n "$missing" ]; then
    step "installing$missing"
    if ! command -v apt-get >/dev/null; then
        echo "This machine has no apt-get. Install these by hand and run me again:$missing" >&2
        echo "(PostgreSQL 15 or later with initdb and postgres, xmllint of libxml2, a C compiler)" >&2
        exit 1
    fi
    as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "I need root or sudo to install:$missing" >&2; exit 1; }
        as_root="sudo"
    fi
    case "$missing" in *postgresql*)
        # No cluster of the distribution's own: the package would start one that nobody asked for.
        $as_root mkdir -p /etc/postgresql-common
        [ -e /etc/postgresql-common/createcluster.conf ] ||
            echo 'create_main_cluster = false' | $as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
        ;;
    esac
    # Lists that cannot be refreshed whole may still name what is missing.
    $as_root apt-get update -q || true
    # Word splitting is wanted: one package a word.
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
    [ -n "$(postgres_programs)" ] || { echo "PostgreSQL 15 or later could not be installed" >&2; exit 1; }
fi

cargo fmt --version >/dev/null 2>&1 || { step "adding rustfmt"; rustup component add rustfmt; }
cargo clippy --version >/dev/null 2>&1 || { step "adding clippy"; rustup component add clippy; }

# A crowd of idle sessions has both of its ends in one test's process.
if [ "$(ulimit -n)" != unlimited ] && [ "$(ulimit -n)" -lt 4096 ]; then
    ulimit -S -n 4096 || { echo "Raise the limit of open files to 4096 (ulimit -n) and run me again." >&2; exit 1; }
fi

step "formatting"
cargo fmt --check

step "lints"
cargo clippy --locked --all-targets -- -D warnings

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

if [ ! -e ../shared/xsd/epp-all.xsd ] && [ -z "${EPP_PUBLISHED_XSD:-}" ]; then
    step "the published schemas are not at ../shared/xsd: ours are held against the parser and not against them"
fi

step "tests"
cargo test --locked

step "all passed"
