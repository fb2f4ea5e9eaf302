#!/usr/bin/env bash
# What `openssl cms -verify -nointern -noverify` says to the CMS values of this folder: writes openssl.tsv. Run by hand.
# Needs bash, openssl and the basic commands of Unix.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The value of a header.
header() { sed -n "/^\$/q; s/^$2: //p" "$1" | tr -d '\0'; }

# The bytes of the body, where that is base64 or PEM of something that starts as a CMS value. 128 bytes are a /signature value, or cut.
decoded() {
  sed '1,/^$/d' "$1" >"$scratch/body"
  if grep -qa '^-----BEGIN' "$scratch/body"; then
    openssl cms -cmsout -inform PEM -in "$scratch/body" -outform DER -out "$scratch/value" 2>"$scratch/error" || return 1
  else
    tr -d ' \t\n\r\f' <"$scratch/body" >"$scratch/dense"
    base64 -d "$scratch/dense" >"$scratch/value" 2>"$scratch/error" || return 1
  fi
  [[ $(wc -c <"$scratch/value") -ne 128 && $(head -c 1 "$scratch/value" | od -An -tx1) == ' 30' ]]
}

detached() {
  openssl cms -cmsout -print -noout -inform DER -in "$scratch/value" 2>"$scratch/error" | grep -qa 'eContent: <ABSENT>'
}

{
  printf '# %s, %s\n' "$(openssl version | cut -d ' ' -f 1-2)" "$(date -u +%Y-%m-%d)"
  printf 'file\texpect\topenssl\n'
  for file in *; do
    [[ -f $file && $file != README.md && $file != *.tsv && $file != *.sh ]] || continue
    kind=$(header "$file" kind)
    [[ $kind == any || $kind == rsa2048 || $kind == dsa ]] || continue
    decoded "$file" || continue
    region=$(header "$file" region)
    # Any region: the one whose certificates the values of this corpus are signed under.
    [[ $region == '*' ]] && region=test-local-1
    # What is no region here has no certificates: those of test-local-1 stand in, as the question is about the value.
    [[ $region =~ ^[a-z0-9-]+$ && -d certs/$region ]] || region=test-local-1
    cat "certs/$region"/*.pem >"$scratch/certificates.pem"
    arguments=(-verify -nointern -noverify -inform DER -in "$scratch/value" -certfile "$scratch/certificates.pem" -out /dev/null)
    document=$(header "$file" document)
    if [[ -n $document ]] && detached; then
      base64 -d <<<"$document" >"$scratch/document"
      # Without -binary it takes the content for text and ends its lines in CRLF.
      arguments+=(-binary -content "$scratch/document")
    fi
    if timeout 20 openssl cms "${arguments[@]}" >/dev/null 2>"$scratch/error"; then
      verdict=accepts
    else
      # The reason of the first error of the queue: where it went wrong, not what followed from it.
      reason=$(sed -n 's/^[0-9A-F]*:error:[0-9A-F]*:[^:]*:[^:]*:\([^:]*\):.*/\1/p' "$scratch/error" | head -n 1)
      [[ -n $reason ]] || reason=$(head -n 1 "$scratch/error")
      verdict="refuses: $reason"
    fi
    printf '%s\t%s\t%s\n' "$file" "$(header "$file" expect)" "$verdict"
  done
} >"$scratch/openssl.tsv"
mv "$scratch/openssl.tsv" openssl.tsv
