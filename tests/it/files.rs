//! Files as merchants' programs write them, made in memory.

use lopdf::content::{Content, Operation};
use lopdf::{Document, Object, Stream, dictionary};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

/// One page of a PDF: lines with the size they are written in; a page without lines shows a picture.
pub type Page<'t> = &'t [(i64, &'t str)];

/// A PDF with these pages, locked with these passwords of its owner and its readers.
pub fn pdf(pages: &[Page<'_>], locked: Option<(&str, &str)>) -> Vec<u8> {
    let mut doc = Document::with_version("1.5");
    let tree = doc.new_object_id();
    let font = dictionary! {"Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding"};
    let font = doc.add_object(font);
    let picture = dictionary! {"Type" => "XObject", "Subtype" => "Image", "Width" => 1, "Height" => 1,
    "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8};
    let picture = doc.add_object(Stream::new(picture, vec![0]));
    let resources = dictionary! {"Font" => dictionary! {"F1" => font}, "XObject" => dictionary! {"Im1" => picture}};
    let resources = doc.add_object(resources);
    let mut kids: Vec<Object> = Vec::new();
    for lines in pages {
        let mut operations = Vec::new();
        if lines.is_empty() {
            operations.push(Operation::new("Do", vec!["Im1".into()]));
        }
        let mut y = 800;
        for (size, text) in *lines {
            y -= size * 2;
            let place = ["BT", "Tf", "Td", "Tj", "ET"].map(str::to_owned);
            let given = [
                vec![],
                vec!["F1".into(), (*size).into()],
                vec![50.into(), y.into()],
                vec![Object::string_literal(*text)],
                vec![],
            ];
            operations.extend(place.into_iter().zip(given).map(|(name, given)| Operation::new(&name, given)));
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
    let id = Object::string_literal("0123456789abcdef");
    doc.trailer.set("ID", vec![id.clone(), id]);
    if let Some((owner_password, user_password)) = locked {
        let permissions = lopdf::Permissions::PRINTABLE;
        let version = lopdf::EncryptionVersion::V2 {
            document: &doc,
            owner_password,
            user_password,
            key_length: 128,
            permissions,
        };
        let state = lopdf::EncryptionState::try_from(version).unwrap();
        doc.encrypt(&state).unwrap();
    }
    let mut bytes = Vec::new();
    doc.save_to(&mut bytes).unwrap();
    bytes
}

/// A packed file of these parts.
pub fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A file packed by gzip.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// A Word file with this body.
pub fn docx(body: &str) -> Vec<u8> {
    let text = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    zip(&[("word/document.xml", &text)])
}

/// One cell of a sheet, by its place as `B2`; a number is written as one.
pub fn cell(place: &str, text: &str) -> String {
    match text.parse::<f64>() {
        Ok(number) => format!("<c r=\"{place}\"><v>{number}</v></c>"),
        Err(_) => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
    }
}

/// A day, as a spreadsheet keeps it: days since the end of 1899, shown as a day by its style.
pub fn day(place: &str, number: u32) -> String {
    format!("<c r=\"{place}\" s=\"1\"><v>{number}</v></c>")
}

/// Rows of cells, beginning in the first.
pub fn rows(rows: &[&[&str]]) -> String {
    let mut out = String::new();
    for (row, cells) in (1..).zip(rows) {
        let cells: String =
            (b'A'..).zip(*cells).map(|(at, text)| cell(&format!("{}{row}", at as char), text)).collect();
        let _ = write!(out, "<row r=\"{row}\">{cells}</row>");
    }
    out
}

/// An Excel file with these sheets, each a name and its rows, and the texts that cells may share.
pub fn xlsx(sheets: &[(&str, &str)], shared: &[&str]) -> Vec<u8> {
    const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
        xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let (mut named, mut related) = (String::new(), String::new());
    let mut parts: Vec<(String, String)> = Vec::new();
    for (n, (name, rows)) in (1..).zip(sheets) {
        let _ = write!(named, "<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>");
        let _ = write!(
            related,
            "<Relationship Id=\"rId{n}\" Type=\"{KIND}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
        );
        let sheet = format!("<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>");
        parts.push((format!("xl/worksheets/sheet{n}.xml"), sheet));
    }
    for (id, name) in [("rId98", "sharedStrings"), ("rId99", "styles")] {
        let _ = write!(related, "<Relationship Id=\"{id}\" Type=\"{KIND}/{name}\" Target=\"{name}.xml\"/>");
    }
    let texts: String = shared.iter().map(|text| format!("<si><t>{text}</t></si>")).collect();
    let add = |name: &str, text: String| (name.to_owned(), text);
    parts.extend([
        add(
            "_rels/.rels",
            relations(&format!(
                "<Relationship Id=\"rId1\" Type=\"{KIND}/officeDocument\" Target=\"xl/workbook.xml\"/>"
            )),
        ),
        add("xl/workbook.xml", format!("<workbook {MAIN}><sheets>{named}</sheets></workbook>")),
        add("xl/_rels/workbook.xml.rels", relations(&related)),
        add("xl/sharedStrings.xml", format!("<sst {MAIN}>{texts}</sst>")),
        add(
            "xl/styles.xml",
            format!("<styleSheet {MAIN}><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
        ),
    ]);
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    zip(&parts)
}

fn relations(inside: &str) -> String {
    format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{inside}</Relationships>"
    )
}
