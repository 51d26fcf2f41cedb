# make help      print this list
# make setup     install what is missing on Debian 12 (as root, or with a sudo that asks nothing)
# make build     build gantui in release
# make run       set up, build, and train a GAN on a ring of eight Gaussians in the dashboard
# make test      set up, lint, build and run all tests on the optimized engine
# make lint      check the format of all sources, strictly
# make format    format all sources
# make soak      train STEPS steps (10,000,000) in constant memory; kill a run 200 times; read 10,000 damaged files; run all tests SOAK_ROUNDS times (10), in long versions
# make onednn3   compile what uses oneDNN against the headers of version 3 too, which PyPI's onednn-devel brings
# make results   train and measure what RESULTS.md lacks, row by row, going on where it was stopped (needs jq)
# make compare   time the steps of fixed workloads beside PyTorch's and JAX's on this machine; COMPARE='--cores 0' and the like
# make clean     remove what was built

SWIFT ?= swift
SOAK_ROUNDS ?= 10
# One build for all tests: release, with internal declarations visible to them.
TESTING = -c release -Xswiftc -enable-testing
FORMATTED = Package.swift Sources Tests

.DEFAULT_GOAL := help
.PHONY: help setup build run test lint format soak onednn3 results compare clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' $(firstword $(MAKEFILE_LIST))

setup:
	@scripts/setup

build:
	$(SWIFT) build -c release --product gantui

run: setup build
	.build/release/gantui run ring8

test: setup lint
	$(SWIFT) build $(TESTING) --build-tests
	SWIFT="$(SWIFT)" scripts/test $(TESTING)

lint:
	$(SWIFT) format lint --strict --parallel --configuration .swift-format --recursive $(FORMATTED)

format:
	$(SWIFT) format --in-place --parallel --configuration .swift-format --recursive $(FORMATTED)

soak: setup
	$(SWIFT) build $(TESTING) --build-tests
	scripts/soak-memory
	GANTUI_KILLS=200 GANTUI_FUZZ=10000 GANTUI_SOAK=1 SWIFT="$(SWIFT)" scripts/test $(TESTING) --filter 'Kill|Fuzz|fuzz|LongJournal'
	@for round in $$(seq $(SOAK_ROUNDS)); do \
	  echo "round $$round of $(SOAK_ROUNDS)"; \
	  GANTUI_SOAK=1 SWIFT="$(SWIFT)" scripts/test $(TESTING) || exit 1; \
	done

onednn3:
	python3 -m venv .build/onednn3
	.build/onednn3/bin/pip install --quiet onednn-devel
	for file in convolution matmul; do \
	  clang -std=gnu11 -Wall -Werror -fsyntax-only -I.build/onednn3/include -ISources/CKernels/include \
	    Sources/CKernels/$$file.c || exit 1; \
	done
	@grep -h "define DNNL_VERSION_M" .build/onednn3/include/oneapi/dnnl/dnnl_version.h .build/onednn3/include/dnnl_version.h 2>/dev/null | sort -u

results: setup build
	scripts/results

compare: setup build
	@command -v python3 >/dev/null || \
	  { echo "compare: Python is missing; install it: sudo apt-get install --yes python3-venv" >&2; exit 1; }
	scripts/peers/compare $(COMPARE)

clean:
	rm -rf .build
