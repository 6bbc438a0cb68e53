# Duban. `make help` lists the targets.
GO            ?= go
DEMO_DIR      ?= .data/demo
DEMO_LISTEN   ?= 127.0.0.1:8080
DEMO_EVENTS   ?= 150000
VERSION       := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GOLANGCI      := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
export CGO_ENABLED = 0

.DEFAULT_GOAL := help
.PHONY: help demo build test test-kafka test-short test-race fuzz bench lint fmt depcheck clean deps browser kafka check-format faults binary

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F'\t' '{printf "  %-14s %s\n", $$1, $$2}'

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

deps: node_modules/.package-lock.json ## Install the embedded engine and the chart script from npm

browser: ## Install Chromium and the CJK font when missing (Debian; used by the browser tests)
	@sh deploy/install-browser.sh

build: deps binary ## Build bin/duban

binary:
	$(GO) build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/duban ./cmd/duban

demo: ## Start Duban with the real sample logs and a simulated province
	@$(MAKE) --no-print-directory -j2 deps binary # npm waits for the network, the compiler for the processor
	@exec bin/duban demo --data $(DEMO_DIR) --listen $(DEMO_LISTEN) --events $(DEMO_EVENTS)

test: deps browser kafka check-format depcheck lint ## Lint and run the whole suite against real engines
	$(GO) vet ./...
	$(GO) test -count=1 -timeout 20m ./...
	@$(MAKE) --no-print-directory test-kafka

kafka: ## Fetch Apache Kafka when missing, and Java and Maven (Debian; used by test-kafka)
	@sh deploy/install-kafka.sh

# Tests for which it is the same who the broker is: they are about fields and the database.
NO_BROKER := TestTenThousand|TestEveryField|TestAWrongPassword|TestASchemaThat|TestAKilledClickHouse|TestAnAbsentBroker

test-kafka: deps kafka ## Run the tests of ingest against an Apache Kafka instead of the embedded broker
	DUBAN_TEST_KAFKA=$${DUBAN_TEST_KAFKA:-start} $(GO) test -count=1 -p 1 -timeout 15m -skip '$(NO_BROKER)' ./ingest ./ingest/source
	DUBAN_TEST_KAFKA=$${DUBAN_TEST_KAFKA:-start} $(GO) test -count=1 -timeout 5m -run TestWhoWaits ./cmd/duban

test-short: deps ## Run the quick part of the suite
	$(GO) test -short ./...

test-race: deps ## Run the suite with the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -short ./...

faults: deps ## The long fault runs: twenty kills while a million events flow, two engines killed in turn, a disk that is full ten times (as root), a province of a million events as it happens
	DUBAN_FAULT_EVENTS=1000000 DUBAN_FAULT_KILLS=20 $(GO) test -count=1 -timeout 60m -v -run TestKills ./internal/e2e
	DUBAN_DRILL_SUBJECTS=60 DUBAN_DRILL_KILLS=18 $(GO) test -count=1 -timeout 60m -v -run TestTwoEngines ./internal/e2e
	DUBAN_DISK_FILLS=10 DUBAN_DISK_SECONDS=60 DUBAN_DISK_EVENTS=200000 DUBAN_DISK_RATE=250 $(GO) test -count=1 -timeout 60m -v -run TestAFullDisk ./internal/e2e
	DUBAN_PROVINCE_EVENTS=1000000 $(GO) test -count=1 -timeout 60m -v -run AsItHappens ./supervision/rule/ruletest

fuzz: ## Fuzz decoders, calendars and folds, a minute each
	@for t in $$(grep -rlE '^func Fuzz' --include='*_test.go' . ); do \
	  for f in $$(grep -oE '^func Fuzz[A-Za-z0-9_]+' $$t | cut -c6-); do \
	    echo "$$t $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime 60s ./$$(dirname $$t) || exit 1; done; done

bench: deps binary ## Measure ingest, fold, rules, what rest costs and figures of the ledger; results with machine facts go to docs/bench
	$(GO) run ./internal/bench/ingest
	$(GO) run ./internal/bench/fold
	$(GO) run ./internal/bench/rules
	$(GO) run ./internal/bench/cost
	$(GO) run ./internal/bench/figures

lint: ## Run golangci-lint; the first time it is compiled, which takes minutes
	$(GO) run $(GOLANGCI) run ./...

fmt: ## Format the Go code
	gofmt -w $$(git ls-files '*.go')

check-format:
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "not formatted:"; echo "$$out"; exit 1; fi

depcheck: ## Check the import direction of the packages
	$(GO) run ./internal/depcheck

clean: ## Remove what was built (not the data)
	rm -rf bin coverage.out
