#!/bin/sh
# The npm of this pack, run by the Node of this pack: ./npm start
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1
PATH="$here/.pack/node/bin:$PATH"
npm_config_cache="$here/.cache/npm"
export PATH npm_config_cache
exec "$here/.pack/node/bin/node" "$here/.pack/node/lib/node_modules/npm/bin/npm-cli.js" --prefix "$here" "$@"
