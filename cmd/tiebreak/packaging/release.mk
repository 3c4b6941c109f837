# A release: binaries for Linux, a package for each, what is in them, and the checksums of all. The same commit and the same Go
# give the same bytes in any folder.

PACKAGING := cmd/tiebreak/packaging
RELEASE := bin/release
RELEASE_TOOL := GOFLAGS=-trimpath go tool -modfile=$(PACKAGING)/tools.mod

# A tag names the version. Without one, the time of the commit does, so that a later commit is a later version.
RELEASE_VERSION ?= $(shell git describe --tags --exact-match --match 'v[0-9]*' 2>/dev/null | sed 's/^v//' | grep . || \
	TZ=UTC git log -1 --abbrev=12 --date=format-local:%Y%m%d.%H%M%S --format=0.%cd.%h)$(if $(shell git status --porcelain),.changed)
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct)

release: export SOURCE_DATE_EPOCH := $(SOURCE_DATE_EPOCH)
release: export RELEASE_VERSION := $(RELEASE_VERSION)
release: ## Build a release in bin/release: binaries, Debian packages, lists of what is in them, checksums
	@rm -rf $(RELEASE) && mkdir -p $(RELEASE)/parts
	@$(manual_page) | gzip -9n >$(RELEASE)/parts/tiebreak.1.gz
	@{ $(licences); } >$(RELEASE)/parts/copyright
	@for arch in amd64 arm64; do echo "Building for $$arch"; export ARCH=$$arch; \
		$(release_binary) && $(release_package) && $(release_contents) || exit 1; done
	@cp $(PACKAGING)/Containerfile $(RELEASE)/ && rm -r $(RELEASE)/parts
	@cd $(RELEASE) && sha256sum * >SHA256SUMS && ls -lh

# The second build is of a clone in another folder and compiles everything anew.
same-release: release
	@folder=$$(mktemp -d) && trap 'chmod -R u+w $$folder && rm -r $$folder' EXIT && git clone -q . $$folder/a-second-clone && \
		GOCACHE=$$folder/cache $(MAKE) --no-print-directory -C $$folder/a-second-clone release >/dev/null && \
		diff $(RELEASE)/SHA256SUMS $$folder/a-second-clone/$(RELEASE)/SHA256SUMS && echo "Two builds in two folders are equal."

# A clean Debian, to install the package in: the test boots a copy.
debian:
	@{ command -v debootstrap && command -v systemd-nspawn; } >/dev/null || { $(call may_install,debootstrap,debootstrap systemd-container) && \
		$(call install,debootstrap systemd-container); }
	@[ -e bin/debian/ready ] || { rm -rf bin/debian && mkdir -p bin && debootstrap --variant=minbase --include=systemd-sysv,dbus \
		bookworm bin/debian >/dev/null && touch bin/debian/ready; }

release_binary = GOOS=linux GOARCH=$$ARCH GOAMD64=v1 GOARM64=v8.0 GOFLAGS= go build -trimpath -buildvcs=false \
	-ldflags "-s -w -X main.released=$(RELEASE_VERSION)" -o $(RELEASE)/tiebreak-linux-$$ARCH ./cmd/tiebreak

release_package = find $(RELEASE) -exec touch -d @$(SOURCE_DATE_EPOCH) {} + && \
	$(RELEASE_TOOL) nfpm package --packager deb --config $(PACKAGING)/nfpm.yaml --target $(RELEASE) >/dev/null

release_contents = $(RELEASE_TOOL) cyclonedx-gomod bin -json -std -noserial -notimestamp -version $(RELEASE_VERSION) \
	-output $(RELEASE)/tiebreak-linux-$$ARCH.cdx.json $(RELEASE)/tiebreak-linux-$$ARCH 2>/dev/null

manual_page = { printf '%s\n' '% TIEBREAK 1' '\# NAME' 'tiebreak - decision guides, and the leads they bring'; \
	cat cmd/tiebreak/help/commands.md cmd/tiebreak/help/settings.md; } | $(RELEASE_TOOL) go-md2man

# The licences of everything that is linked in ask for a copy of their text.
licences = echo "Tiebreak contains the following modules, each under the licence below its name."; \
	{ echo "Go $$(go env GOROOT)"; echo "Inter static/fonts"; GOOS=linux go list -deps -f \
		'{{with .Module}}{{if not .Main}}{{.Path}}@{{.Version}} {{.Dir}}{{end}}{{end}}' ./cmd/tiebreak | LC_ALL=C sort -u; } | \
	while read module folder; do printf '\n\n==== %s\n\n' "$$module"; \
		find "$$folder" -maxdepth 1 -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' -o -iname 'ofl*' \) | LC_ALL=C sort | xargs cat; done
