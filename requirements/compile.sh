#!/bin/sh
# Pin every requirement file again, with hashes and without naming a package index.
set -eu
cd "$(dirname "$0")"
for name in uv base postgres dev; do
  uv pip compile "$name.in" --quiet --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
    --no-annotate --output-file "$name.txt" "$@"
done
