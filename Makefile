# The two commands of a newcomer are `make demo` and `make test`.
GO ?= go

.PHONY: demo test fuzz mutants soak build release bench bench-mattermost lint pictures transcripts setup

demo: ## the main job, in the browser, with a sample case
	$(GO) run ./cmd/parcours demo

test: setup lint ## everything: set-up, lint, tests under the race detector
	$(GO) test -race -timeout 20m ./...
	$(GO) test -run TestEveryByte ./storage/vault # which the race detector would not let end
	cd e2e && $(GO) test -mod=mod -race -timeout 40m ./...

fuzz: ## a minute of fuzzing for every decoder; FUZZTIME=10m for more
	@GO="$(GO)" sh scripts/fuzz

mutants: ## each check of the gate disabled in turn: some test must fail
	$(GO) run ./scripts/mutants

soak: ## years of 2 000 cases with failures and restarts; 100 000 histories in which nothing may leak
	GOGC=400 $(GO) test -count=1 -v -timeout 24h -parallel 4 -run TestYears ./bot -args -worlds=4 -from=2026-11-23 -cases=2000 -people=300 -days=1096 -pace=30
	GOGC=400 $(GO) test -count=50 -v -timeout 24h -run 'TestNothingLeaks$$' ./bot -args -rapid.checks=1000 -unsynced

build: ## bin/parcours
	GO="$(GO)" scripts/build bin/parcours

release: ## dist/: programs, what they are made of, and their sums
	GO="$(GO)" scripts/release

bench: ## the promises of speed, each as a ratio to the raw limit of this machine
	@sh scripts/bench

bench-mattermost: setup ## the same on a real Mattermost server
	cd e2e && $(GO) run -mod=mod ./speed

pictures: setup ## the pictures of the documentation, taken by the tests
	PARCOURS_PICTURES=$(CURDIR)/docs/images $(GO) test -count=1 -run 'InABrowser$$' ./cmd/parcours
	PARCOURS_PICTURES=$(CURDIR)/docs/images $(GO) test -count=1 -run TestEveryCardAndForm ./adapters/slack

transcripts: setup ## what people are told on the three platforms, side by side, in docs/transcription.html
	@GO="$(GO)" sh scripts/transcripts

lint:
	@sh scripts/lint

setup: ## what the tests need from the system: a C compiler, a browser and more
	@sh scripts/setup
