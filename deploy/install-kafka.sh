#!/bin/sh
# Installs what `make test-kafka` needs, when it is missing: Java 17 or later, Maven
# (Debian and its relatives), and Apache Kafka by Maven into the cache of the user. Every
# file must have the checksum of deploy/kafka/sha256sums. With DUBAN_TEST_KAFKA_HOME or
# a broker in DUBAN_TEST_KAFKA nothing is fetched. Prints nothing when all is there.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
home="${DUBAN_TEST_KAFKA_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/duban/kafka-4.4.0}"
case "${DUBAN_TEST_KAFKA:-start}" in start) ;; *) exit 0 ;; esac

fail() {
    echo "Apache Kafka for the tests is not to be had: $1" >&2
    echo "Set DUBAN_TEST_KAFKA_HOME to an installed Kafka (the folder with libs/), or DUBAN_TEST_KAFKA to the HOST:PORT of a" >&2
    echo "broker that tests may empty." >&2
    exit 1
}

missing=""
java_is() { java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1; }
[ "$(java_is 2>/dev/null || echo 0)" -ge 17 ] 2>/dev/null || missing="default-jre-headless"
if [ -z "${DUBAN_TEST_KAFKA_HOME:-}" ] && ! cmp -s "$here/kafka/sha256sums" "$home/complete"; then
    command -v mvn >/dev/null 2>&1 || missing="$missing maven"
fi
if [ -n "$missing" ]; then
    command -v apt-get >/dev/null 2>&1 || fail "please install:$missing"
    sudo=""
    [ "$(id -u)" = 0 ] || sudo="sudo"
    $sudo apt-get update -qq || fail "apt-get update failed"
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
        fail "apt-get could not install $missing"
    [ "$(java_is)" -ge 17 ] || fail "Java is older than 17"
fi

if [ -n "${DUBAN_TEST_KAFKA_HOME:-}" ]; then
    [ -d "$home/libs" ] || fail "DUBAN_TEST_KAFKA_HOME is $home, which has no folder libs"
    exit 0
fi
cmp -s "$here/kafka/sha256sums" "$home/complete" && exit 0
rm -rf "$home"
mkdir -p "$home/libs"
echo "fetching Apache Kafka (43 MB) into $home"
mvn -q -B -Dstyle.color=never -f "$here/kafka/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DincludeScope=runtime "-DoutputDirectory=$home/libs" || fail "Maven could not fetch it"
(cd "$home/libs" && sha256sum --quiet --strict -c "$here/kafka/sha256sums") || fail "a file in $home/libs is not the one expected"
cp "$here/kafka/sha256sums" "$home/complete"
