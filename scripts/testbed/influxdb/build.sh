#!/bin/sh
# Builds InfluxDB 2, of which there is no package, from its Go module into the cache of the test bed: about ten minutes on
# two cores. Wants go, cargo and clang. Its query engine is Rust, whose warnings of today are no errors here.
#
# usage: scripts/testbed/influxdb/build.sh VERSION FILE
set -eu
version=$1 file=$2
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cat >"$work/cargo" <<'END'
#!/bin/sh
sed -i '/^#!\[cfg_attr(feature = "strict", deny(warnings/d' flux/src/lib.rs flux-core/src/lib.rs
exec cargo "$@"
END
chmod +x "$work/cargo"
export GOFLAGS=-mod=mod CARGO="$work/cargo" PKG_CONFIG="$work/pkg-config" GOBIN="$work"
module=$(go mod download -json "github.com/influxdata/influxdb/v2@v$version" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
cp -r "$module" "$work/source"
chmod -R u+w "$work/source"
cd "$work/source"
go install github.com/influxdata/pkg-config
go build -tags sqlite_foreign_keys,sqlite_json,noassets -o "$file" ./cmd/influxd
