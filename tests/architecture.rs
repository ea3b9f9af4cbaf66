//! The rules of the house, read from its own source: layers, file sizes, where SQL may stand, what a query must name.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test may fail by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// From the door to the cellar: a module uses only modules further down. The library may not use the program (`cli`).
const LAYERS: [&str; 23] = [
    "eval",
    "http",
    "worker",
    "onboard",
    "conversation",
    "agent",
    "checkout",
    "catalog",
    "knowledge",
    "app",
    "config",
    "store",
    "channel",
    "payment",
    "search",
    "embed",
    "llm",
    "emulator",
    "fetch",
    "clock",
    "cores",
    "wording",
    "domain",
];
/// Uses nothing of ours, and nothing of ours below the door needs it.
const ALONE: &str = "telemetry";
/// The program: it uses itself and the library from outside.
const PROGRAM: &str = "cli";
/// Lines of a file, tests included.
const LINES_MAX: usize = 400;
/// Where SQL may stand. The index is an engine of its own: its tables are no rows of the shop, and it is rebuilt from them.
const SQL_HOMES: [&str; 2] = ["src/store", "src/search/embedded"];
/// Beginnings of the statements that span shops, each with its reason.
const CROSS_SHOP: [&str; 10] = [
    // One worker serves every shop.
    "WITH next AS MATERIALIZED ( SELECT j.shop_id, j.id FROM jobs j WHERE j.state = 'waiting'",
    "SELECT id FROM jobs WHERE state = 'waiting' AND due_at",
    "SELECT MIN(due_at) FROM jobs",
    "SELECT state, COUNT(*) FROM jobs",
    // A worker that died may have held any shop's job.
    "DELETE FROM jobs WHERE state = 'running' AND lease_until",
    "UPDATE jobs SET state = 'waiting', lease_owner = NULL WHERE state = 'running'",
    // One clock serves every shop.
    "SELECT DISTINCT shop_id FROM sales WHERE next_turn",
    "SELECT shop_id, id FROM sources WHERE next_at",
    // A process that died may have been at any shop's feed.
    "SELECT shop_id, run_id FROM catalog_runs WHERE version IS NULL",
    // Which shops there are.
    "SELECT shop_id, body FROM shops ORDER BY",
];

/// A file: its path from the package's root, and its text.
struct Source {
    path: String,
    text: String,
}

fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut open = vec![root.join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.push(Source { path: name, text: fs::read_to_string(&path).unwrap() });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "{folder} is empty");
    found
}

/// `src/store/jobs.rs` → `store`.
fn module(path: &str) -> &str {
    let name = path.strip_prefix("src/").unwrap_or(path);
    name.split('/').next().unwrap_or(name).trim_end_matches(".rs")
}

/// Code with comments blanked, and the string literals apart.
fn split(text: &str) -> (String, Vec<String>) {
    let chars: Vec<char> = text.chars().collect();
    let (mut code, mut strings, mut i) = (String::new(), Vec::new(), 0);
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    while i < chars.len() {
        match chars[i] {
            '/' if at(i + 1) == '/' => {
                while i < chars.len() && chars[i] != '\n' {
                    i += 1;
                }
            }
            // A character or a lifetime: only the quote itself could confuse what follows.
            '\'' if at(i + 1) == '\\' && at(i + 3) == '\'' => i += 4,
            '\'' if at(i + 2) == '\'' => i += 3,
            'r' if (at(i + 1) == '"' || (at(i + 1) == '#' && "#\"".contains(at(i + 2))))
                && !in_word(at(i.wrapping_sub(1))) =>
            {
                let hashes = (i + 1..).take_while(|n| at(*n) == '#').count();
                let end = format!("\"{}", "#".repeat(hashes));
                let rest: String = chars[i + 2 + hashes..].iter().collect();
                let inner = rest.split(&end).next().unwrap_or_default().to_owned();
                i += 2 + hashes + inner.chars().count() + 1 + hashes;
                strings.push(inner);
                code.push_str("\"\"");
            }
            '"' => {
                let mut inner = String::new();
                i += 1;
                while i < chars.len() && chars[i] != '"' {
                    if chars[i] == '\\' {
                        i += 1;
                    }
                    inner.push(at(i));
                    i += 1;
                }
                i += 1;
                strings.push(inner);
                code.push_str("\"\"");
            }
            c => {
                code.push(c);
                i += 1;
            }
        }
    }
    (code, strings)
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The modules that code names as `crate::module`.
fn used(code: &str) -> BTreeSet<String> {
    let starts = code.match_indices("crate::").filter(|(at, _)| !code[..*at].ends_with(in_word));
    starts.map(|(at, word)| code[at + word.len()..].chars().take_while(|c| in_word(*c)).collect()).collect()
}

fn layer_problems(source: &Source) -> Vec<String> {
    let (code, _) = split(&source.text);
    let (own, path) = (module(&source.path), &source.path);
    let mut problems = Vec::new();
    if code.contains("crate::{") {
        problems.push(format!("{path}: write one `use crate::…;` a line, not `crate::{{`"));
    }
    let program = own == PROGRAM || own == "main";
    let place = LAYERS.iter().position(|l| *l == own);
    if !program && own != "lib" && own != ALONE && place.is_none() {
        problems.push(format!("{path}: {own} is in no layer; give it a place in LAYERS"));
    }
    for name in used(&code).iter().filter(|name| *name != own && !name.is_empty()) {
        let allowed = match LAYERS.iter().position(|l| l == name) {
            Some(other) => !program && place.is_some_and(|place| place < other),
            None => program && name == PROGRAM,
        };
        if !allowed && own != "lib" {
            problems.push(format!("{path}: {own} may not use {name}, which is not below it"));
        }
    }
    problems
}

fn size_problems(source: &Source) -> Vec<String> {
    let mut problems = Vec::new();
    let lines = source.text.lines().count();
    if lines > LINES_MAX {
        problems.push(format!("{}: {lines} lines; split it, {LINES_MAX} are the limit", source.path));
    }
    if !source.text.starts_with("//! ") {
        problems.push(format!("{}: the first line must say in `//!` what the file is for", source.path));
    }
    if source.path.ends_with("/mod.rs") {
        problems.push(format!("{}: name it after its folder, beside it", source.path));
    }
    problems
}

fn is_sql(text: &str) -> bool {
    let text = text.trim_start();
    (text.starts_with("SELECT ") && text.contains("FROM "))
        || (text.starts_with("WITH ") && text.contains("SELECT "))
        || text.starts_with("INSERT ")
        || text.starts_with("DELETE FROM ")
        || (text.starts_with("UPDATE ") && text.contains("SET "))
}

fn one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn sql_problems(source: &Source) -> Vec<String> {
    let home = SQL_HOMES.iter().any(|home| source.path.starts_with(home));
    let (_, strings) = split(&source.text);
    let mut problems = Vec::new();
    for sql in strings.iter().filter(|s| is_sql(s)).map(|s| one_line(s)) {
        if !home {
            problems.push(format!("{}: SQL belongs to src/store: {sql}", source.path));
        } else if source.path.starts_with("src/store") && !names_shop(&sql) {
            problems.push(format!("{}: this statement names no shop: {sql}", source.path));
        }
    }
    problems
}

// The shop is the first parameter of every statement, so that no caller can forget it.
fn names_shop(sql: &str) -> bool {
    let first = if sql.starts_with("INSERT ") { "(shop_id, " } else { "shop_id = $1" };
    sql.contains(first) || CROSS_SHOP.iter().any(|start| sql.starts_with(start))
}

fn fail_on(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn modules_use_only_what_is_below_them() {
    fail_on(&sources("src").iter().flat_map(layer_problems).collect::<Vec<_>>());
}

#[test]
fn every_file_says_what_it_is_for_and_stays_small() {
    let mut all = sources("src");
    all.extend(sources("tests"));
    fail_on(&all.iter().flat_map(size_problems).collect::<Vec<_>>());
}

#[test]
fn sql_stands_in_the_store_and_names_the_shop() {
    let all = sources("src");
    fail_on(&all.iter().flat_map(sql_problems).collect::<Vec<_>>());
    let seen: Vec<String> = all
        .iter()
        .filter(|s| s.path.starts_with("src/store"))
        .flat_map(|s| split(&s.text).1)
        .filter(|s| is_sql(s))
        .map(|s| one_line(&s))
        .collect();
    assert!(seen.len() > 50, "only {} statements were seen; does this test still read them?", seen.len());
    for start in CROSS_SHOP {
        assert!(
            seen.iter().any(|sql| sql.starts_with(start)),
            "no statement begins with {start}; take it off the list"
        );
    }
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |engine: &str| -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    let listed = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrate.rs")).unwrap();
    for name in names("sqlite") {
        assert_eq!(listed.matches(&format!("/{name}\"")).count(), 2, "{name} is not compiled in for both engines");
    }
}

/// The checks must be able to fail.
#[test]
fn what_is_wrong_is_seen() {
    let source = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
    let layers = |path: &str, text: &str| layer_problems(&source(path, text)).len();
    assert_eq!(layers("src/domain/money.rs", "use crate::store::Tx;"), 1);
    assert_eq!(layers("src/store.rs", "fn f() { crate::http::router(); }"), 1);
    assert_eq!(layers("src/store.rs", "use crate::domain::id::ShopId;\nuse crate::store::jobs;"), 0);
    assert_eq!(layers("src/store.rs", "// crate::http is above\nlet s = \"crate::http\"; $crate::store::x!();"), 0);
    assert_eq!(layers("src/http.rs", "use crate::{app::App};"), 1);
    assert_eq!(layers("src/basement.rs", ""), 1);
    assert_eq!(layers("src/telemetry.rs", "use crate::app::App;"), 1);
    assert_eq!(layers("src/app.rs", "use crate::telemetry::start;"), 1);
    assert_eq!(layers("src/cli/serve.rs", "use crate::cli::start; use souk::app::App;"), 0);
    assert_eq!(layers("src/cli/serve.rs", "use crate::app::App;"), 1);
    assert_eq!(layers("src/http/page.rs", "use crate::cli::start;"), 1);

    let sizes = |text: &str| size_problems(&source("src/store/mod.rs", text)).len();
    assert_eq!(sizes("//! A file.\n"), 1);
    assert_eq!(sizes(&format!("//! A file.\n{}", "\n".repeat(400))), 2);
    assert_eq!(sizes("use x;\n"), 2);

    let sql = |path: &str, text: &str| sql_problems(&source(path, text)).len();
    assert_eq!(sql("src/http/page.rs", "const S: &str = \"SELECT a\n FROM b WHERE shop_id = $1\";"), 1);
    assert_eq!(sql("src/http/page.rs", "/// SELECT a FROM b\nlet x = \"Select a size from the list\";"), 0);
    assert_eq!(sql("src/search/embedded/words.rs", "let s = \"DELETE FROM words\";"), 0);
    assert_eq!(sql("src/store/carts.rs", "let c = '\"'; let s = \"UPDATE carts SET version = $1\";"), 1);
    assert_eq!(sql("src/store/carts.rs", "let s = r#\"DELETE FROM carts WHERE id = $1\"#;"), 1);
    assert_eq!(sql("src/store/carts.rs", "let s = \"INSERT INTO carts (id, shop_id) VALUES ($1, $2)\";"), 1);
    assert_eq!(sql("src/store/carts.rs", "let s = \"INSERT INTO carts (shop_id, id) VALUES ($1, $2)\";"), 0);
    assert_eq!(sql("src/store/carts.rs", "let s = \"SELECT id FROM carts WHERE shop_id = $1\";"), 0);
}
