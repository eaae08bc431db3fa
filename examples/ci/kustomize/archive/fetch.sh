#!/bin/sh
# The archive of a version, unpacked beside kustomization.yaml as the folder `bundle`; checked by its digest first.
#
#   SLUICE_URL=https://sluice.example.com SLUICE_TOKEN=slc_... sh fetch.sh prod 7 && kubectl kustomize .
#
# Change: nothing here. The arguments: the environment, and the version (a number, or latest).
set -eu
environment=${1:?the name of the environment}
version=${2:?a number, or latest}
: "${SLUICE_URL:?https://...}" "${SLUICE_TOKEN:?a token with the scope read}"

new=$(mktemp -d ./.bundle.XXXXXX)
trap 'rm -rf "$new"' EXIT
printf 'user = "ci:%s"\n' "$SLUICE_TOKEN" | curl --config - --silent --show-error --fail-with-body --retry 3 \
  --dump-header "$new/headers" --output "$new/bundle.tar.gz" \
  "$SLUICE_URL/v1/environments/$environment/bundles/$version/manifests.tar.gz" || {
  cat "$new/bundle.tar.gz" >&2
  exit 1
}

sum=$(openssl dgst -sha256 -binary "$new/bundle.tar.gz" | openssl base64 -A)
if ! grep -iqF "repr-digest: sha-256=:$sum:" "$new/headers"; then
  echo "refused: these bytes are not those of their Repr-Digest" >&2
  exit 1
fi

mkdir "$new/bundle"
tar -xzf "$new/bundle.tar.gz" -C "$new/bundle"
rm -rf bundle
mv "$new/bundle" bundle
