#!/usr/bin/env bash
# Puts roadworthy on the PATH: the one that is there, else a release, its checksum
# compared. ROADWORTHY_RELEASES is for a mirror.
set -euo pipefail

if command -v roadworthy >/dev/null 2>&1; then
  roadworthy --version
  exit 0
fi
releases=${ROADWORTHY_RELEASES:-https://github.com/roadworthy-project/roadworthy/releases}
version=${ROADWORTHY_VERSION:-latest}
from=$releases/download/$version
[ "$version" != latest ] || from=$releases/latest/download
case "$(uname -m)" in
  x86_64) arch=amd64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) echo "::error title=Roadworthy::there is no release for $(uname -m)"; exit 2 ;;
esac

work=$(mktemp -d)
cd "$work"
curl -fsSL --retry 3 -o SHA256SUMS "$from/SHA256SUMS"
archive=$(awk -v end="_linux_$arch.tar.gz" 'index($2, end) && substr($2, length($2) - length(end) + 1) == end {print $2}' SHA256SUMS)
if [ -z "$archive" ]; then
  echo "::error title=Roadworthy::the release $version has no archive for linux $arch"
  exit 2
fi
curl -fsSL --retry 3 -o "$archive" "$from/$archive"
grep -F "  $archive" SHA256SUMS | sha256sum --check --quiet
tar -xzf "$archive"
into=${RUNNER_TOOL_CACHE:-$HOME/.local}/roadworthy/bin
mkdir -p "$into"
install -m 0755 "${archive%.tar.gz}/roadworthy" "$into/roadworthy"
[ -z "${GITHUB_PATH:-}" ] || echo "$into" >>"$GITHUB_PATH"
"$into/roadworthy" --version
