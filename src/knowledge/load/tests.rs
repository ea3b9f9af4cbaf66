//! Files as shops have them, good and bad.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

use super::*;

#[test]
fn only_readable_markdown_is_read_in_a_fixed_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        std::fs::write(path, bytes).expect("written");
    };
    write("b.md", b"# B");
    write("a/z.MD", b"# Z");
    write("a/.hidden.md", b"x");
    write(".git/x.md", b"x");
    write("c.txt", b"x");
    write("latin.md", b"caf\xE9");
    write("empty.md", b" \n");
    write("long.md", &vec![b'x'; FILE_BYTES_MAX as usize + 1]);
    write("1/2/3/4/5/6/7/8/9/deep.md", b"x");
    let loaded = read_folder(folder.path()).expect("a folder");
    assert_eq!(loaded.texts.iter().map(|t| t.source.as_str()).collect::<Vec<_>>(), ["a/z.MD", "b.md"]);
    let rejects: Vec<String> = loaded.rejects.iter().map(|r| format!("{} {}", r.source, r.reason)).collect();
    insta::assert_snapshot!(rejects.join("\n"), @r##"
    1/2/3/4/5/6/7/8/9 folders more than 8 deep are not read
    empty.md is empty
    latin.md is not UTF-8; save it as UTF-8
    long.md is longer than 1048576 bytes; split it
    "##);
    assert!(read_folder(&folder.path().join("absent")).is_err());
}
