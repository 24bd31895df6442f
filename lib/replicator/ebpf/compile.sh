#!/bin/sh
# Compiles copies.c (Debian: clang, libbpf-dev, linux-libc-dev) and writes object.ts. CLANG names another compiler.
set -eu
cd "$(dirname "$0")"
object=$(mktemp)
trap 'rm -f "$object"' EXIT
# shellcheck disable=SC2086 # CLANG may have arguments
${CLANG:-clang} -target bpf -O2 -g0 -Wall -Werror -I "/usr/include/$(uname -m)-linux-gnu" -c copies.c -o "$object"
{
  echo '/** What compile.sh made of copies.c: an ELF file with one program, in base64. */'
  echo 'export const OBJECT ='
  base64 -w 100 "$object" | sed -e "s/.*/  '&' +/" -e "\$s/ +\$/;/"
  echo
  echo '/** SHA-256 of the copies.c that it was made of. */'
  echo "export const SOURCE_SHA256 = '$(sha256sum copies.c | cut -d ' ' -f 1)';"
} > object.ts
