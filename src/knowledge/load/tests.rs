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
    write("b.md", b"# B\nb");
    write("a/z.MD", b"# Z\nz");
    write("a/.hidden.md", b"x");
    write(".git/x.md", b"x");
    write("c.txt", b"x");
    write("latin.md", b"caf\xE9");
    write("empty.md", b" \n");
    write("long.md", &vec![b'x'; FILE_BYTES_MAX as usize + 1]);
    write("1/2/3/4/5/6/7/8/9/deep.md", b"x");
    let loaded = read_folder(folder.path()).expect("a folder");
    assert_eq!(
        loaded.texts.iter().map(|t| t.source.as_str()).collect::<Vec<_>>(),
        ["a/z.MD", "b.md", "c.txt", "latin.md"]
    );
    let rejects: Vec<String> = loaded.rejects.iter().map(|r| format!("{} {}", r.source, r.reason)).collect();
    insta::assert_snapshot!(rejects.join("\n"), @r"
    1/2/3/4/5/6/7/8/9 folders more than 8 deep are not read
    empty.md has no text in it
    long.md is longer than 1048576 bytes; split it
    ");
    assert!(read_folder(&folder.path().join("absent")).is_err());
}

fn read(name: &str, bytes: &[u8]) -> String {
    match read_bytes(name, bytes, "") {
        Ok((text, left)) => {
            let blocks: String = text.blocks.iter().map(|b| format!("{b:?}\n")).collect();
            blocks + &left.iter().map(|r| format!("left out {} {}\n", r.place, r.reason)).collect::<String>()
        }
        Err(reject) => reject.reason,
    }
}

#[test]
fn a_page_is_read_without_its_frame() {
    let html = r#"<!DOCTYPE html><html lang="de-DE"><head><title>Returns | Shop</title><style>p{}</style>
        <link rel="canonical" href="/returns"><meta name=robots content="index, NOINDEX"></head>
        <body><header><h1>The Shop</h1></header><nav><ul><li>Home</nav><main>
        <h2>How long?</h2><p>You have <b>30</b> days,<br>from <a href="x">arrival</a>.<script>alert("<p>x</p>")</script>
        <ul><li>one<ul><li>two</ul><li>three</ul>
        <table><tr><th>Size<th>Chest</tr><tr><td>M</td><td>96&ndash;102&nbsp;cm</td></tr></table>
        <details><summary>Who pays?</summary><p>We do.</p></details>
        <dl><dt>By post?</dt><dd>Yes.</dd></dl><form><input type=text>secret</form><p hidden>hidden</p>
        </main><footer>© Shop</footer>
        <script type="application/ld+json">{"@type":"FAQPage","mainEntity":[
        {"@type":"Question","name":"Who pays?","acceptedAnswer":{"@type":"Answer","text":"<p>We do.</p>"}},
        {"@type":"Question","name":"And abroad?","acceptedAnswer":{"@type":"Answer","text":"<p>You <b>do</b>.</p>"}}]}</script>
        </body></html>"#;
    let page = html::read(html);
    let said = (page.language.as_deref(), page.canonical.as_deref(), page.noindex);
    assert_eq!(said, (Some("de"), Some("/returns"), true));
    insta::assert_snapshot!(read("returns.html", html.as_bytes()), @r##"
    Heading { level: 1, text: "Returns" }
    Heading { level: 2, text: "How long?" }
    Paragraph("You have 30 days,\u{2028}from arrival.")
    Line("- one")
    Line("  - two")
    Line("- three")
    Line("Size M: Chest 96–102 cm")
    Heading { level: 3, text: "Who pays?" }
    Paragraph("We do.")
    Heading { level: 3, text: "By post?" }
    Paragraph("Yes.")
    Heading { level: 3, text: "And abroad?" }
    Paragraph("You do .")
    "##);
    assert!(html::read(&"<div><ul><li>".repeat(100_000)).blocks.is_empty());
    assert!(html::read(&"<p>word</p>".repeat(100_000)).blocks.len() <= crate::knowledge::block::BLOCKS_MAX);
    assert!(
        read("login.html", b"<html><input type='password'><p>Log in").starts_with("is a page that asks for a password")
    );
}

#[test]
fn plain_text_has_headings_only_where_they_are_plain() {
    let text = "Returns and refunds\r\n\r\nYou may send things back.\r\nWe pay.\r\n\r\nHow long does it take?\r\nTen days.\r\n\r\n\
        Sizes\r\n=====\r\n* small\r\n* large\r\n\r\nKind regards\r\nThe shop\r\n";
    insta::assert_snapshot!(read("a.txt", text.as_bytes()), @r##"
    Heading { level: 1, text: "Returns and refunds" }
    Paragraph("You may send things back.\nWe pay.")
    Heading { level: 2, text: "How long does it take?" }
    Paragraph("Ten days.")
    Heading { level: 1, text: "Sizes" }
    Line("- small")
    Line("- large")
    Paragraph("Kind regards\nThe shop")
    "##);
}

#[test]
fn rows_of_questions_are_sections() {
    let csv = "Kategorie;Frage;Antwort;Gültig bis;Sprache\nVersand;Wie lange?;2 Tage;31.12.2026;de\nVersand;Wie teuer?;;;\n\
        Versand;Wohin?;Überall hin;03/04/2026;de-AT\n";
    insta::assert_snapshot!(read("faq.csv", csv.as_bytes()), @r##"
    Heading { level: 2, text: "Versand" }
    Heading { level: 3, text: "Wie lange?" }
    Language("de")
    Paragraph("Valid until: 2026-12-31\n2 Tage")
    Heading { level: 3, text: "Wohin?" }
    Language("de")
    Paragraph("Überall hin")
    left out row 3 has no answer; fill it in
    left out row 4 "03/04/2026" is no day; write it as 2026-12-31
    "##);
    let tabs = read("faq.tsv", b"Do you ship?\tYes.\nCan I pay later?\tNo.\n");
    assert_eq!(read("faq.csv", b"Do you ship?,Yes.\nCan I pay later?,No.\n"), tabs);
    assert!(read("list.csv", b"sku,price\n1,2\n").starts_with("has no columns of questions"));
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn word_files_keep_their_headings_lists_and_tables() {
    let word = r#"<w:document xmlns:w="w"><w:body>
    <w:p><w:pPr><w:pStyle w:val="Titel"/></w:pPr><w:r><w:t>Return</w:t></w:r><w:r><w:t>s</w:t></w:r></w:p>
    <w:p><w:r><w:t xml:space="preserve">30 days &amp; </w:t></w:r><w:r><w:t>more</w:t><w:br/><w:t>here</w:t></w:r></w:p>
    <w:p><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr><w:r><w:t>an item</w:t></w:r></w:p>
    <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Size</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Chest</w:t></w:r></w:p></w:tc></w:tr>
    <w:tr><w:tc><w:p><w:r><w:t>M</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>96 cm</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
    </w:body></w:document>"#;
    let styles = r#"<w:styles xmlns:w="w"><w:style w:styleId="Titel"><w:name w:val="Title"/></w:style></w:styles>"#;
    let file = zipped(&[("word/document.xml", word.as_bytes()), ("word/styles.xml", styles.as_bytes())]);
    insta::assert_snapshot!(read("returns.docx", &file), @r##"
    Heading { level: 1, text: "Returns" }
    Paragraph("30 days & more\u{2028}here")
    Line("  - an item")
    Line("Size M: Chest 96 cm")
    "##);
    assert_eq!(recognise("a file", &file), Some(Format::Docx), "by content");
    assert_eq!(read("broken.docx", &file[..file.len() / 2]), "is broken; open it and save it again");
    let zeros = vec![b' '; 10 * 1024 * 1024];
    let names: Vec<String> = (0..21).map(|n| format!("p{n}")).collect();
    let mut parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), zeros.as_slice())).collect();
    parts.push(("word/document.xml", word.as_bytes()));
    assert_eq!(read("bomb.docx", &zipped(&parts)), "unpacks to more than 200 MB; save its text as a new file");
}

/// A PDF with these lines on its pages.
fn made(pages: &[Vec<&str>]) -> Vec<u8> {
    use lopdf::content::{Content, Operation};
    use lopdf::{Document, Object, Stream, dictionary};
    let mut doc = Document::with_version("1.5");
    let tree = doc.new_object_id();
    let font = dictionary! {"Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding"};
    let font = doc.add_object(font);
    let resources = doc.add_object(dictionary! {"Font" => dictionary! {"F1" => font}});
    let mut kids: Vec<Object> = Vec::new();
    for lines in pages {
        let mut operations = Vec::new();
        for (line, text) in lines.iter().enumerate() {
            operations.push(Operation::new("BT", vec![]));
            operations.push(Operation::new("Tf", vec!["F1".into(), 12.into()]));
            operations.push(Operation::new("Td", vec![50.into(), (780 - 14 * line as i64).into()]));
            operations.push(Operation::new("Tj", vec![Object::string_literal(*text)]));
            operations.push(Operation::new("ET", vec![]));
        }
        let content = doc.add_object(Stream::new(dictionary! {}, Content { operations }.encode().unwrap()));
        let page = dictionary! {"Type" => "Page", "Parent" => tree, "Contents" => content, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()]};
        kids.push(doc.add_object(page).into());
    }
    let count = kids.len() as i64;
    doc.objects.insert(tree, Object::Dictionary(dictionary! {"Type" => "Pages", "Kids" => kids, "Count" => count}));
    let root = doc.add_object(dictionary! {"Type" => "Catalog", "Pages" => tree});
    doc.trailer.set("Root", root);
    let mut bytes = Vec::new();
    doc.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_pdf_is_read_without_what_repeats_on_its_pages() {
    let page = |n: &'static str, text: &'static str| vec!["The Shop Ltd", text, "We are glad to help.", n];
    let pages =
        [page("Page 1", "Returns take 30 days."), page("Page 2", "Refunds take 5 days."), page("Page 3", "Ask us.")];
    insta::assert_snapshot!(read("a.pdf", &made(&pages)), @r##"
    Paragraph("Returns take 30 days.")
    Paragraph("Refunds take 5 days.")
    Paragraph("Ask us.")
    "##);
    assert!(read("scan.pdf", &made(&[vec![], vec![]])).contains("(scanned)"));
    assert_eq!(read("torn.pdf", b"%PDF-1.4 nothing"), super::pdf::BROKEN);
}
