# make            what there is to make
# Each target does its own set-up and is quick when nothing is left to do.

.PHONY: help setup build demo test test-page test-mlflow test-remotes check kill-test kill-test-data fault-test compare-with-dvc format bench clean

help:
	@echo 'make build         the binary, .build/release/repro'
	@echo 'make demo          the AI-hat example: eight runs of a real pipeline, and the table of them'
	@echo 'make test          every test'
	@echo 'make test-page     the page, in a real Chromium'
	@echo 'make test-mlflow   the real MLflow client against `repro server`'
	@echo 'make test-remotes  the tests of remotes, with real servers: Ceph, moto and a GCS emulator'
	@echo 'make check         format, warnings as errors, tidy rules'
	@echo 'make kill-test     a hundred runs killed at random moments: nothing is lost, nothing lies'
	@echo 'make kill-test-data  hundreds of add, checkout and gc killed at random moments: nothing that was stored is lost'
	@echo 'make fault-test    a run with each of its calls to the file system failing in turn'
	@echo 'make compare-with-dvc  that the projects of fixtures run the same stages as with real DVC'
	@echo 'make format        put the code into the house format'
	@echo 'make bench         Repro beside the tools that it replaces'
	@echo 'make setup         the Debian packages for all of these'

setup:
	@scripts/setup build test

build:
	@scripts/setup build
	swift build -c release --static-swift-stdlib --product repro

demo: build
	@scripts/setup demo
	@scripts/demo

test:
	@scripts/setup build test
	@scripts/test

test-page:
	@scripts/setup build test page
	@scripts/test-page

test-mlflow: build
	@scripts/setup mlflow
	@scripts/test-mlflow

# The servers live in memory and end with the tests; what they need comes from Debian and PyPI.
test-remotes:
	@scripts/setup build test
	@scripts/test-remotes

check:
	@scripts/setup build
	@scripts/check

kill-test: build
	@scripts/kill-test

kill-test-data: build
	@scripts/kill-test-data

# `make test` makes every seventh call fail.
fault-test:
	@scripts/setup build test
	@REPRO_EVERY_FAULT=1 scripts/test --filter 'RunFaultTests|SchedulerFaultTests'

# DVC comes from PyPI into .build/bench, or is what $$DVC names.
compare-with-dvc: build
	@scripts/setup bench
	@DVC="$${DVC:-$$(cd benchmarks && python3 -c 'from places import dvc; print(dvc())' | tail -1)}" scripts/compare-with-dvc

format:
	swift format -i -r Package.swift Sources cli Tests

bench: build
	@scripts/setup demo bench
	@benchmarks/run

clean:
	rm -rf .build
