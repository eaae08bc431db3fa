#!/bin/sh
# Fetches the latest version of an environment with nothing but curl, openssl and a POSIX shell.
#
#   SLUICE_URL=https://sluice.example.com SLUICE_TOKEN=slc_... sh fetch.sh prod /var/lib/netpol
#
# Change: nothing here; the address and the token (scope read, bound to the environment) come from outside.
# Gives:  <folder>/manifests.yaml, always a whole version that was published; on standard output "new 7", "unchanged 7", or "kept 7" where the
#         server could not be asked and the last good version stays.
# Refuses (exit 1, the last good version stays as it is): bytes that are not those of their Repr-Digest, a wrong token, an unknown environment, and a
#         server that cannot be asked where nothing good was fetched before.
# The digest finds what went wrong on the way, not a server that lies: for that see the signature in ../github/workflow.yaml.
set -eu

environment=${1:?the name of the environment}
folder=${2:?the folder to keep the manifests in}
: "${SLUICE_URL:?https://...}" "${SLUICE_TOKEN:?a token with the scope read}"

mkdir -p "$folder"
new=$(mktemp -d "$folder/.new.XXXXXX") # in the folder, so that mv replaces a file in one step
trap 'rm -rf "$new"' EXIT
digest() { openssl dgst -sha256 -r "$1" | cut -d ' ' -f 1; }
header() { awk -v name="$1:" 'tolower($1) == name { sub(/^[^:]*: */, ""); value = $0 } END { print value }' "$new/headers" | tr -d '\r'; }

# What is there, where it is whole. The ETag is the digest of the bytes, so the file itself says which ETag it has.
version=
if [ -s "$folder/fetched" ] && read -r version etag < "$folder/fetched"; then
  if [ "$etag" != "\"sha256:$(digest "$folder/manifests.yaml")\"" ]; then version=; fi
fi

# The token goes in by standard input: arguments can be read by everyone on the machine.
failed=0
status=$(printf 'user = "ci:%s"\n' "$SLUICE_TOKEN" | curl --config - --silent --show-error --retry 3 --max-time 60 \
  ${version:+--header "If-None-Match: $etag"} --dump-header "$new/headers" --output "$new/manifests.yaml" --write-out '%{http_code}' \
  "$SLUICE_URL/v1/environments/$environment/bundles/latest/manifests.yaml") || failed=$?

case $failed/$status in
  0/200)
    sum=$(openssl dgst -sha256 -binary "$new/manifests.yaml" | openssl base64 -A)
    if [ "$(header repr-digest)" != "sha-256=:$sum:" ]; then
      echo "refused: these bytes are not those of their Repr-Digest" >&2
      exit 1
    fi
    version=$(header sluice-version)
    echo "$version \"sha256:$(digest "$new/manifests.yaml")\"" > "$new/fetched"
    # Who is stopped between the two fetches once more than needed: the file is not the one that was noted.
    mv "$new/manifests.yaml" "$folder/manifests.yaml"
    mv "$new/fetched" "$folder/fetched"
    echo "new $version"
    ;;
  0/304) echo "unchanged $version" ;;
  0/4*) # the server's word, which asking again would not change
    cat "$new/manifests.yaml" >&2
    exit 1
    ;;
  *) # no answer, half an answer, or a failure of the server's own
    why="the server cannot be asked (curl $failed, HTTP ${status:-none})"
    if [ -z "$version" ]; then
      echo "$why, and nothing good was fetched before" >&2
      exit 1
    fi
    echo "$why: the last good version stays" >&2
    echo "kept $version"
    ;;
esac
