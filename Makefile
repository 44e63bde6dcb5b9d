# Parley. `make help` lists what can be asked for. GNU make 3.81 (macOS) suffices.

GO  ?= go
NPM ?= npm

# What the outputs depend on, so that nothing is built twice.
go_files     := $(shell find cmd internal migrations web/embed.go go.mod go.sum -type f ! -name '*_test.go' 2>/dev/null)
sources_of    = $(shell find $(1) \( -name node_modules -o -name dist -o -name '*.tsbuildinfo' \) -prune -o -type f -print 2>/dev/null)
web_manifests := package.json $(wildcard web/*/package.json e2e/package.json)
app_page     := web/app/dist/index.html
widget_page  := web/widget/dist/index.html
npm_done     := node_modules/.package-lock.json

say = @printf '\n\033[1m%s\033[0m\n' "$(1)"

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  \033[1m%-15s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- run ---

.PHONY: run
run: build ## Start Parley with fake networks and demo companies; PORT=8080 chooses where
	@scripts/run.sh

.PHONY: reset
reset: ## Forget what `make run` has stored, so that it begins anew
	@scripts/run.sh --reset

# --- build ---

.PHONY: build
build: bin/parley bin/fakenet ## Build the web app, the widget and the programs

.PHONY: web
web: $(app_page) $(widget_page) ## Build the web app and the widget

bin/parley: $(go_files) $(app_page) $(widget_page)
	$(call say,Building the server)
	@scripts/check.sh go
	$(GO) build -ldflags '-s -w' -o $@ ./cmd/parley

bin/fakenet: $(go_files)
	$(call say,Building the fake networks)
	@scripts/check.sh go
	$(GO) build -ldflags '-s -w' -o $@ ./cmd/fakenet

$(app_page): $(call sources_of,web/app web/shared) tsconfig.base.json $(npm_done)
	$(call say,Building the web app)
	$(NPM) run build --workspace web/app
	@touch web/app/dist/.gitkeep $@

$(widget_page): $(call sources_of,web/widget web/shared) tsconfig.base.json $(npm_done)
	$(call say,Building the widget)
	$(NPM) run build --workspace web/widget
	@touch web/widget/dist/.gitkeep $@

# npm writes the stamp itself, so an `npm install` by hand counts too.
$(npm_done): package-lock.json $(web_manifests)
	$(call say,Installing web packages)
	@scripts/check.sh node
	$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

# --- test ---

.PHONY: test
test: lint test-web e2e test-go ## Run everything that must pass: lint, types, unit, browser and Go tests
	$(call say,All of it passed)

.PHONY: lint
lint: lint-go lint-web ## Check the code without running it

.PHONY: lint-go
lint-go:
	$(call say,Go: format and vet and staticcheck)
	@scripts/check.sh go
	@unformatted=$$(gofmt -l cmd internal migrations web/*.go); test -z "$$unformatted" || { echo "gofmt -w $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

.PHONY: lint-web
lint-web: $(npm_done)
	$(call say,Web: lint and types and both languages complete)
	$(NPM) run lint
	$(NPM) run typecheck
	$(NPM) run i18n

.PHONY: test-web
test-web: $(npm_done) ## Run the unit tests of the web parts
	$(call say,Web: unit tests)
	$(NPM) run test

.PHONY: test-go
test-go: ## Run the Go tests on a Postgres that is started for them
	$(call say,Go: tests)
	@scripts/check.sh go
	$(GO) test -timeout 20m ./...

.PHONY: e2e
e2e: build ## Run the browser tests against the built program
	$(call say,Browser tests)
	@scripts/e2e.sh

# --- for developers ---

.PHONY: generate
generate: $(npm_done) ## Generate SQL code, the API reference and the web app's API types
	$(call say,SQL code)
	@for config in $$(find internal -name sqlc.yaml); do echo "$$config" && $(GO) tool sqlc generate -f "$$config" || exit 1; done
	$(call say,API reference)
	$(GO) run ./cmd/parley openapi > docs/api/openapi.yaml.new
	mv docs/api/openapi.yaml.new docs/api/openapi.yaml
	$(NPM) run api --workspace web/app

.PHONY: format
format: $(npm_done) ## Format Go and web code
	gofmt -w cmd internal migrations web/*.go
	$(NPM) run format

.PHONY: bench-ledger bench-chat bench-dialogs bench-kill
bench-ledger: bin/parley ## Measure charging; the figures go to bench/results
	bin/parley bench ledger --results bench/results
bench-chat: bin/parley ## Measure messages from widgets to operators
	bin/parley bench chat --results bench/results
	bin/parley bench chat --companies 1 --operators 20 --name chat-one-company --results bench/results
bench-dialogs: bin/parley ## Measure the dialog list over a million dialogs
	bin/parley bench dialogs --results bench/results
bench-kill: bin/parley ## Kill the server under load and count what is lost or doubled
	bin/parley bench kill --results bench/results

.PHONY: audit
audit: $(npm_done) ## Look for known holes in the code and in what it uses; needs the network
	$(call say,Known vulnerabilities of Go modules)
	$(GO) run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...
	$(call say,gosec)
	$(GO) run github.com/securego/gosec/v2/cmd/gosec@v2.30.0 -quiet -exclude-generated ./...
	$(call say,npm audit)
	$(NPM) audit --omit=dev

.PHONY: check-deploy
check-deploy: build ## Check what is in deploy/, the container file's steps included
	$(call say,Deployment)
	@scripts/check_deploy.sh --build

.PHONY: clean
clean: ## Stop the tests' Postgres and remove what was built
	@$(GO) run ./internal/platform/pgserver/pgtest/stop
	rm -rf bin e2e/results e2e/test-results e2e/playwright-report
	@for folder in web/app/dist web/widget/dist; do find $$folder -mindepth 1 ! -name .gitkeep -delete; done
