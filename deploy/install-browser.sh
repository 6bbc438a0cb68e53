#!/bin/sh
# Installs what the browser tests need, when it is missing: Chromium and a font
# with Chinese glyphs. Debian and its relatives only.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="chromium"
if command -v fc-list >/dev/null 2>&1 && fc-list :lang=zh | grep -q .; then :; else missing="$missing fonts-noto-cjk"; fi
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
    echo "please install: $missing" >&2
    exit 1
fi
sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo"
$sudo apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
