# Roadworthy. `make help` lists the targets; the README explains the first two.
SHELL := /bin/sh
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -X main.version=$(VERSION)

.PHONY: help demo test check unit lint build release image bench soak fuzz fuzzed cover clean deps

help: ## list the targets
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: build ## mock the three contracts, certify the mock, print the verdicts
	@.build/demo

test: check unit lint fuzzed ## everything: format, vet, lint, import rule, all tests, the contracts' own proof, fuzzing

check: deps ## format, vet, staticcheck, import rule
	@unformatted=$$(gofmt -l cmd conformance mockserver reports scenarios specs); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change: $$unformatted" >&2; exit 1; fi
	go vet ./...
	go run $(STATICCHECK) ./...
	go test -count=1 -run 'TestHouse' ./cmd/roadworthy

unit: testdeps ## all tests under the race detector
	go test -race -timeout 20m ./...

lint: build ## prove the built-in contracts consistent
	@for contract in $$(bin/roadworthy contract list --names); do bin/roadworthy lint $$contract || exit 1; done

build: deps ## bin/roadworthy
	@mkdir -p bin
	go build -ldflags '$(LDFLAGS)' -o bin/roadworthy ./cmd/roadworthy

release: deps ## dist/: Linux binaries for amd64 and arm64 that need nothing but libc
	@VERSION='$(VERSION)' .build/release

image: deps ## the root filesystem of the image, proved by chroot (as root), its size
	@VERSION='$(VERSION)' .build/release "$$(dpkg --print-architecture)"
	@rm -rf dist/rootfs && VERSION='$(VERSION)' .build/rootfs "$$(dpkg --print-architecture)" dist/rootfs && .build/prove dist/rootfs

bench: deps ## speed, as ratios in one run (docs/performance.md)
	go test -run '^$$' -bench 'Ratio|HalfLoad' -benchtime 15x ./mockserver
	go test -run '^$$' -bench 'Suite$$|SuiteLatency|ColdStart|Idle' -benchtime 5x ./conformance
	go test -run '^$$' -bench 'SuiteMemory' -benchtime 1x ./conformance
	go test -run '^$$' -bench 'MemoryGet' ./mockserver/state
	go test -run '^$$' -bench . -benchtime 200ms ./specs/...

REQUESTS ?= 10000000
soak: deps ## ten million requests: memory and descriptors stay flat (REQUESTS=… for another number)
	go test -run '^$$' -bench 'Soak' -benchtime $(REQUESTS)x -timeout 0 ./mockserver

fuzz: deps ## every fuzz target for a minute, three side by side
	@.build/fuzz 60s

FUZZTIME ?= 60s
FUZZFILES ?= 5s
fuzzed: testdeps ## a part of make test: fuzz targets of what reads from the wire for FUZZTIME, others for FUZZFILES
	@.build/fuzz $(FUZZTIME) $(FUZZFILES)

cover: deps ## test coverage by package
	go test -cover ./...

clean: ## remove what was built
	rm -rf bin dist roadworthy-report

.PHONY: testdeps
deps:
	@.build/deps
testdeps:
	@.build/deps test
