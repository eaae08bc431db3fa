#!/bin/sh
# kubectl alone, with pruning: a server-side apply with an ApplySet (alpha in kubectl, tried with 1.32) for each namespace of the archive.
#
#   SLUICE_URL=https://sluice.example.com SLUICE_TOKEN=slc_... sh apply.sh prod 7 6 --context=prod
#
# Change: nothing here. The arguments: the environment, the version to apply (a number, or latest), the version that is there (a number, or none for an empty
# cluster); what comes behind goes to each kubectl.
# kubectl refuses objects outside the namespace of a set's parent, so each namespace has a set of its own; what left together with its namespace no set can
# see, and the inventory names it.
set -eu
environment=${1:?the name of the environment}
version=${2:?the version to apply}
from=${3:?the version that is there, or none}
shift 3
: "${SLUICE_URL:?https://...}" "${SLUICE_TOKEN:?a token with the scope read}"
KUBECTL=${KUBECTL:-kubectl}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
base="$SLUICE_URL/v1/environments/$environment/bundles/$version"
fetch() { # <url> <file>: the token by standard input, as arguments can be read by everyone on the machine
  printf 'user = "ci:%s"\n' "$SLUICE_TOKEN" | curl --config - --silent --show-error --fail-with-body --retry 3 --dump-header "$work/headers" \
    --output "$2" "$1" || { cat "$2" >&2; exit 1; }
}

fetch "$base/manifests.tar.gz" "$work/bundle.tar.gz"
sum=$(openssl dgst -sha256 -binary "$work/bundle.tar.gz" | openssl base64 -A)
grep -iqF "repr-digest: sha-256=:$sum:" "$work/headers" || { echo "refused: these bytes are not those of their Repr-Digest" >&2; exit 1; }
mkdir "$work/bundle"
tar -xzf "$work/bundle.tar.gz" -C "$work/bundle"

# A file a namespace, called as it. In a file allow-* stands before default-deny-all, and kubectl prunes when all is applied.
for file in "$work"/bundle/*.yaml; do
  namespace=$(basename "$file" .yaml)
  [ "$namespace" != kustomization ] || continue
  KUBECTL_APPLYSET=true "$KUBECTL" apply --server-side --field-manager=sluice --prune --applyset="configmaps/sluice-$environment" \
    --namespace="$namespace" --filename="$file" "$@"
done

[ "$from" != none ] || exit 0
fetch "$base/inventory?from=$from" "$work/inventory.json"
jq -r '.prune[] | select(.namespaceLeaves) | .namespace as $namespace | .objects[] | "\($namespace) \(.)"' "$work/inventory.json" > "$work/leaves"
while read -r namespace name; do
  "$KUBECTL" delete networkpolicies.networking.k8s.io "$name" --namespace="$namespace" --ignore-not-found "$@"
done < "$work/leaves"
