//! A table of questions and answers (CSV or Excel) as blocks: each row one section.

use crate::knowledge::block::{BLOCKS_MAX, Block};
use crate::knowledge::day::day;
use crate::knowledge::load::Left;
use crate::knowledge::load::workbook::{Problem, Workbook};

/// Characters of a cell that are read.
const CELL_CHARS_MAX: usize = 20_000;
/// Sheets of a file that are looked at.
const SHEETS_MAX: usize = 50;
/// Rows and cells of a sheet.
const ROWS_MAX: usize = 20_000;
const COLUMNS_MAX: usize = 100;
/// Blocks that one row makes at most.
const BLOCKS_A_ROW: usize = 4;
/// Bytes of a sheet's cells.
const SHEET_BYTES_MAX: u64 = 50 * 1024 * 1024;
const NO_QUESTIONS: &str =
    "has no columns of questions and answers; name two columns \"question\" and \"answer\" in the first row";

/// What the columns are called.
const QUESTION: [&str; 15] = [
    "question",
    "questions",
    "q",
    "frage",
    "fragen",
    "pregunta",
    "preguntas",
    "domanda",
    "domande",
    "pergunta",
    "vraag",
    "pytanie",
    "soru",
    "fråga",
    "вопрос",
];
const ANSWER: [&str; 16] = [
    "answer",
    "answers",
    "a",
    "antwort",
    "antworten",
    "réponse",
    "reponse",
    "respuesta",
    "respuestas",
    "risposta",
    "resposta",
    "antwoord",
    "odpowiedź",
    "cevap",
    "svar",
    "ответ",
];
const CATEGORY: [&str; 14] = [
    "category",
    "topic",
    "section",
    "kategorie",
    "thema",
    "catégorie",
    "categorie",
    "categoría",
    "categoria",
    "tema",
    "rubrik",
    "kategoria",
    "kategori",
    "категория",
];
const UNTIL: [&str; 9] = [
    "valid until",
    "valid_until",
    "expires",
    "gültig bis",
    "valable jusqu'au",
    "válido hasta",
    "valido fino al",
    "geldig tot",
    "ważne do",
];
const FROM: [&str; 5] = ["valid from", "valid_from", "gültig ab", "válido desde", "geldig vanaf"];
const LANGUAGE: [&str; 8] = ["language", "lang", "locale", "sprache", "langue", "idioma", "lingua", "taal"];

/// Reads a CSV file.
pub fn csv(text: &str) -> Result<(Vec<Block>, Left), String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    let count = |sign: &u8| first.bytes().filter(|b| b == sign).count();
    let delimiter = [b',', b';', b'\t', b'|'].into_iter().max_by_key(count).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records().take(ROWS_MAX + 1) {
        let Ok(record) = record else { continue };
        let line = record.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or_default());
        rows.push((line, record.iter().take(COLUMNS_MAX).map(cell).collect()));
    }
    table(&rows).ok_or_else(|| NO_QUESTIONS.to_owned())
}

/// Reads an Excel file: every sheet that has questions and answers.
pub fn xlsx(bytes: &[u8]) -> Result<(Vec<Block>, Left), String> {
    let mut book = Workbook::open(bytes)?;
    let mut all: (Vec<Block>, Left) = Default::default();
    let mut found = false;
    for name in book.sheets().into_iter().take(SHEETS_MAX) {
        let sparse = match book.rows(&name, SHEET_BYTES_MAX) {
            Ok(rows) => rows,
            Err(Problem::TooLong) => return Err(format!("has more than {SHEET_BYTES_MAX} bytes in a sheet; split it")),
            Err(Problem::Broken) => continue,
        };
        let dense = |cells: Vec<(usize, String)>| {
            let mut row = Vec::new();
            for (column, text) in cells.into_iter().filter(|(column, _)| *column < COLUMNS_MAX) {
                row.resize(column, String::new());
                row.push(cell(&text));
            }
            row
        };
        let rows: Vec<(usize, Vec<String>)> =
            sparse.into_iter().take(ROWS_MAX + 1).map(|(line, cells)| (line, dense(cells))).collect();
        if let Some((blocks, left)) = table(&rows) {
            found = true;
            all.0.extend(blocks);
            all.1.extend(left);
        }
    }
    if found { Ok(all) } else { Err(NO_QUESTIONS.to_owned()) }
}

fn cell(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control() || *c == '\n').take(CELL_CHARS_MAX).collect()
}

struct Columns {
    question: usize,
    answer: usize,
    category: Option<usize>,
    from: Option<usize>,
    until: Option<usize>,
    language: Option<usize>,
}

fn table(rows: &[(usize, Vec<String>)]) -> Option<(Vec<Block>, Left)> {
    let (_, header) = rows.first()?;
    let named = by_name(header);
    let start = usize::from(named.is_some());
    let columns = named.or_else(|| by_shape(rows))?;
    let (mut blocks, mut left) = (Vec::new(), Vec::new());
    let mut category = String::new();
    // One row more than is read was asked for, to tell that there are more.
    let (rows, more) = rows.split_at_checked(ROWS_MAX).unwrap_or((rows, &[]));
    if let Some((line, _)) = more.first() {
        left.push((row(*line), format!("and what follows is left out: {ROWS_MAX} rows are read; split the table")));
    }
    for (line, cells) in rows.iter().skip(start) {
        let at = |column: usize| cells.get(column).map(String::as_str).unwrap_or_default();
        let maybe = |column: Option<usize>| column.map(at).filter(|text| !text.is_empty());
        let (question, answer) = (at(columns.question), at(columns.answer));
        if question.is_empty() && answer.is_empty() {
            continue;
        }
        if blocks.len() + BLOCKS_A_ROW > BLOCKS_MAX {
            left.push((row(*line), "and what follows is too much for one file; split it".to_owned()));
            break;
        }
        if question.is_empty() || answer.is_empty() {
            let lacking = if question.is_empty() { "question" } else { "answer" };
            left.push((row(*line), format!("has no {lacking}; fill it in")));
            continue;
        }
        let own = maybe(columns.category).unwrap_or_default();
        if own != category {
            own.clone_into(&mut category);
            if !category.is_empty() {
                blocks.push(Block::Heading { level: 2, text: category.clone() });
            }
        }
        let level = if category.is_empty() { 2 } else { 3 };
        blocks.push(Block::Heading { level, text: question.to_owned() });
        if let Some(code) = maybe(columns.language).and_then(language) {
            blocks.push(Block::Language(code));
        }
        let mut text = String::new();
        for (key, column) in [("Valid from", columns.from), ("Valid until", columns.until)] {
            // A day out of a spreadsheet may bear a time.
            let bare =
                |text: &str| text.split_once(' ').filter(|(_, time)| time.contains(':')).map(|(day, _)| day.to_owned());
            match maybe(column).map(|text| (text, day(&bare(text).unwrap_or_else(|| text.to_owned())))) {
                Some((_, Some(day))) => text.push_str(&format!("{key}: {day}\n")),
                Some((odd, None)) => left.push((row(*line), format!("{odd:?} is no day; write it as 2026-12-31"))),
                None => {}
            }
        }
        text.push_str(answer);
        blocks.push(Block::Paragraph(text));
    }
    Some((blocks, left))
}

fn row(line: usize) -> String {
    format!("row {line}")
}

fn by_name(header: &[String]) -> Option<Columns> {
    let names: Vec<String> =
        header.iter().map(|name| name.to_lowercase().replace(['_', '-'], " ").trim().to_owned()).collect();
    let find = |of: &[&str]| names.iter().position(|name| of.iter().any(|known| known.replace('_', " ") == *name));
    // "Question" is the same word in French, and "Answer" there is "Réponse".
    let (question, answer) = (find(&QUESTION)?, find(&ANSWER)?);
    Some(Columns {
        question,
        answer,
        category: find(&CATEGORY),
        from: find(&FROM),
        until: find(&UNTIL),
        language: find(&LANGUAGE),
    })
}

/// Two columns without names: most of the first are questions, and the second says more.
fn by_shape(rows: &[(usize, Vec<String>)]) -> Option<Columns> {
    let full: Vec<&Vec<String>> =
        rows.iter().map(|(_, cells)| cells).filter(|c| c.iter().any(|t| !t.is_empty())).collect();
    let asks = |cell: &String| cell.ends_with(['?', '？', '؟']);
    let questions = full.iter().filter(|cells| cells.first().is_some_and(asks)).count();
    let answers = full.iter().filter(|cells| cells.get(1).is_some_and(|c| !c.is_empty() && !asks(c))).count();
    let enough = full.len() >= 2 && questions * 10 >= full.len() * 6 && answers * 10 >= full.len() * 6;
    enough.then_some(Columns { question: 0, answer: 1, category: None, from: None, until: None, language: None })
}

fn language(text: &str) -> Option<String> {
    let code = text.split(['-', '_']).next()?.trim().to_lowercase();
    (code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())).then_some(code)
}
