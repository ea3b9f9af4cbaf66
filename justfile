# Short names for what is done all the time. `just` lists them.

_default:
    @just --list

# Serve the demo shop on http://127.0.0.1:8080.
run *ARGS:
    cargo run -- {{ARGS}}

# Chat with the shop in the terminal.
chat:
    cargo run -- chat

# What CI runs, without the optional parts.
check:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo test

# Play every scenario with the keyless planner.
eval *ARGS:
    cargo run -- eval evals/scenarios {{ARGS}}

# Two new migrations of the same name, one for each engine.
new-migration NAME:
    #!/usr/bin/env bash
    set -euo pipefail
    last=$(ls migrations/sqlite | sort | tail -n 1 | cut -c1-4)
    next=$(printf '%04d' $((10#$last + 1)))
    for engine in sqlite postgres; do echo "-- {{NAME}}" > "migrations/$engine/${next}_{{NAME}}.sql"; done
    echo "migrations/*/${next}_{{NAME}}.sql: name them in src/store/migrate.rs"
