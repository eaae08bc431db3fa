#!/bin/sh
# The two Secrets that netpol.yaml names: what pulls, and the public half of what signs. Run it again to change either.
#
#   SLUICE_URL=https://sluice.example.com SLUICE_TOKEN=slc_... sh secrets.sh | kubectl apply -f -
#
# Change: the namespace, where Flux does not run in flux-system. The token needs the scope read for the environment, and nothing else.
set -eu
: "${SLUICE_URL:?https://...}" "${SLUICE_TOKEN:?a token with the scope read}"

namespace=flux-system
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT

# Compare the key with the one that the operator of the server tells you: it is what you will trust from here on.
curl --silent --show-error --fail "$SLUICE_URL/.well-known/sluice/cosign.pub" > "$keys/all.pem"
# One file a key, each called *.pub: Flux tries them all, and reads one of a file.
awk -v keys="$keys" '/BEGIN PUBLIC KEY/ { n++ } { print > (keys "/" n ".pub") }' "$keys/all.pem"
set --
for key in "$keys"/*.pub; do set -- "$@" "--from-file=$key"; done

kubectl create secret generic sluice-cosign-pub --namespace="$namespace" "$@" --dry-run=client --output=yaml
echo ---
kubectl create secret docker-registry sluice-pull --namespace="$namespace" --docker-server="${SLUICE_URL#*://}" \
  --docker-username=ci --docker-password="$SLUICE_TOKEN" --dry-run=client --output=yaml
