//! Rate cards as Meta hands them out: CSV files with a row for each market and a column for each category.
//!
//! From when a card counts stands in its file's name (`2026-10-01 USD.csv`) or, row by row and first of all, in a column
//! `Effective`. Files with tiers are left out with a warning: a discount for volume makes messages cheaper than they are
//! counted here, never dearer.

use crate::channel::whatsapp::price::Error;
use crate::channel::whatsapp::price::country::{OTHER, market_of, name_of};
use crate::domain::template::Category;
use csv::StringRecord;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Files of a folder that are read.
pub const FILES_MAX: usize = 100;
/// Bytes of a file.
pub const FILE_BYTES_MAX: usize = 1024 * 1024;
/// Rows of a file.
pub const ROWS_MAX: usize = 2_000;
/// Rows that may stand above the heading.
const PREAMBLE_MAX: usize = 20;
/// What one unit of a currency has.
const MICROS: i64 = 1_000_000;
/// Digits before the point.
const WHOLE_DIGITS_MAX: usize = 7;

/// From when a row counts, and what each category costs.
type Rates = BTreeMap<(Date, String), BTreeMap<Category, i64>>;

/// All cards of one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateCards {
    currency: Option<String>,
    rates: Rates,
}

/// Something in the folder that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Which file.
    pub path: PathBuf,
    /// Why.
    pub what: String,
}

/// The columns of a card by their place.
#[derive(Default)]
struct Columns {
    market: usize,
    currency: Option<usize>,
    effective: Option<usize>,
    rates: Vec<(Category, usize, String)>,
}

/// What is known of a file besides its rows.
struct File<'a> {
    path: &'a Path,
    from: Option<Date>,
    currency: Option<String>,
}

/// The cards of a folder, and what was left out. A folder without any gives no prices.
pub fn read(folder: &Path) -> Result<(RateCards, Vec<Warning>), Error> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Io { path, source }
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(io(folder))? {
        let path = entry.map_err(io(folder))?.path();
        if path.is_file() && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) {
            files.push(path);
        }
        if files.len() > FILES_MAX {
            return Err(Error::TooMuch { path: folder.to_owned(), what: "files", max: FILES_MAX });
        }
    }
    files.sort();
    let (mut cards, mut warnings) = (RateCards::default(), Vec::new());
    for path in files {
        let bytes = fs::metadata(&path).map_err(io(&path))?.len();
        if bytes > FILE_BYTES_MAX as u64 {
            return Err(Error::TooMuch { path, what: "bytes", max: FILE_BYTES_MAX });
        }
        let text = fs::read(&path).map_err(io(&path))?;
        warnings.extend(cards.add(&path, &text)?);
    }
    Ok((cards, warnings))
}

impl RateCards {
    /// The currency of all cards, if there is one.
    pub fn currency(&self) -> Option<&str> {
        self.currency.as_deref()
    }

    /// What a category costs in a country on a day. Where answers have no price of their own, they cost what news do.
    pub fn rate(&self, country: &str, category: Category, on: Date) -> Option<i64> {
        let rate = |category: Category| {
            let markets = name_of(country).into_iter().chain([market_of(country), OTHER]);
            markets.map(plain).find_map(|market| {
                let known = self
                    .rates
                    .iter()
                    .filter(|((from, name), rates)| *name == market && *from <= on && rates.contains_key(&category));
                known.max_by_key(|((from, _), _)| *from).and_then(|(_, rates)| rates.get(&category)).copied()
            })
        };
        match category {
            Category::Service => rate(Category::Service).or_else(|| rate(Category::Utility)),
            other => rate(other),
        }
    }

    /// Adds one file.
    pub fn add(&mut self, path: &Path, bytes: &[u8]) -> Result<Option<Warning>, Error> {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let file = File { path, from: date_in(&name), currency: name.split_whitespace().find_map(currency) };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let mut columns: Option<Columns> = None;
        let mut record = csv::ByteRecord::new();
        let mut rows = 0_usize;
        loop {
            match reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    return Err(file.wrong(line, "", "this is not CSV: save the file again as CSV"));
                }
            }
            rows += 1;
            if rows > ROWS_MAX {
                return Err(Error::TooMuch { path: path.to_owned(), what: "rows", max: ROWS_MAX });
            }
            let line = record.position().map_or(0, csv::Position::line);
            let record = StringRecord::from_byte_record_lossy(record.clone());
            match &columns {
                None if has_tiers(&record) => {
                    let what = "it is about tiers of volume, which are not counted".to_owned();
                    return Ok(Some(Warning { path: path.to_owned(), what }));
                }
                None if rows > PREAMBLE_MAX => break,
                None => columns = Columns::of(&record),
                Some(columns) => self.row(&file, columns, &record, line)?,
            }
        }
        if columns.is_none() {
            return Err(Error::NoHeader { path: path.to_owned() });
        }
        Ok(None)
    }

    fn row(&mut self, file: &File<'_>, columns: &Columns, record: &StringRecord, line: u64) -> Result<(), Error> {
        let cell = |at: usize| record.get(at).unwrap_or_default().trim();
        let market = plain(cell(columns.market));
        if market.is_empty() {
            return Ok(());
        }
        let from = match columns.effective.map(cell).filter(|text| !is_nothing(text)) {
            Some(text) => date_in(text).ok_or_else(|| file.wrong(line, "Effective", "write the day as 2026-10-01"))?,
            None => file.from.ok_or_else(|| {
                file.wrong(line, "Effective", "from when? put the day into the file's name: 2026-10-01 USD.csv")
            })?,
        };
        let currency = match columns.currency.map(cell).filter(|text| !is_nothing(text)) {
            Some(text) => {
                Some(currency(text).ok_or_else(|| file.wrong(line, "Currency", "write three letters, as USD"))?)
            }
            None => file.currency.clone(),
        };
        let currency = currency.ok_or_else(|| file.wrong(line, "Currency", "write three letters, as USD"))?;
        match &self.currency {
            Some(other) if *other != currency => return Err(Error::Currencies(other.clone(), currency)),
            _ => self.currency = Some(currency),
        }
        let mut rates = BTreeMap::new();
        for (category, at, name) in &columns.rates {
            let text = cell(*at);
            if !is_nothing(text) {
                let micros = micros(text).ok_or_else(|| file.wrong(line, name, "write an amount such as 0.0625"))?;
                rates.insert(*category, micros);
            }
        }
        if self.rates.insert((from, market), rates).is_some() {
            return Err(file.wrong(line, "Market", "this market stands there for the same day already: keep one"));
        }
        Ok(())
    }
}

impl File<'_> {
    fn wrong(&self, line: u64, column: &str, what: &str) -> Error {
        Error::Cell { path: self.path.to_owned(), line, column: column.to_owned(), what: what.to_owned() }
    }
}

impl Columns {
    /// The columns, if this row names them.
    fn of(record: &StringRecord) -> Option<Self> {
        let mut columns = Self::default();
        let mut market = None;
        for (at, name) in record.iter().enumerate() {
            let word = plain(name);
            match word.as_str() {
                "market" | "markets" | "country" => market = market.or(Some(at)),
                "currency" => columns.currency = Some(at),
                "effective" | "effectivedate" | "effectivefrom" => columns.effective = Some(at),
                // International codes have a price of their own, which needs to know where the business is.
                other => {
                    let known = Category::of_word(other).filter(|_| !columns.rates.iter().any(|r| r.2 == name.trim()));
                    columns.rates.extend(known.map(|category| (category, at, name.trim().to_owned())));
                }
            }
        }
        columns.market = market?;
        (!columns.rates.is_empty()).then_some(columns)
    }
}

/// Letters and digits in lower case: `Rest of Central & Eastern Europe` and `rest of central and eastern europe` are one.
fn plain(text: &str) -> String {
    let text = text.to_lowercase().replace('&', "and");
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn has_tiers(record: &StringRecord) -> bool {
    record.iter().any(|cell| {
        let cell = plain(cell);
        cell.contains("tier") || cell.contains("volume")
    })
}

/// The ways in which a card says that there is no price.
fn is_nothing(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "" | "n/a" | "na" | "-" | "--" | "–" | "—")
}

/// The first day in a text, written as `2026-10-01`.
fn date_in(text: &str) -> Option<Date> {
    let is_part = |c: char| c.is_ascii_digit() || c == '-';
    text.split(|c: char| !is_part(c)).find_map(|word| word.get(..10)?.parse().ok())
}

/// Three letters of a currency; Meta also writes dollars with their sign.
fn currency(text: &str) -> Option<String> {
    let letters: String = text.chars().filter(|c| !"$€£ ".contains(*c)).collect();
    match letters.to_uppercase().as_str() {
        "US" | "" if text.contains('$') => Some("USD".to_owned()),
        code if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) => Some(code.to_owned()),
        _ => None,
    }
}

/// Millionths of an amount such as `0.0625`, `$0.0625` or `0,0625`; finer parts are rounded up: rather too dear.
fn micros(text: &str) -> Option<i64> {
    let amount = text.trim().trim_matches(|c: char| "$€£₹ ".contains(c) || c.is_ascii_alphabetic()).trim();
    let amount = if amount.contains('.') { amount.replace(',', "") } else { amount.replace(',', ".") };
    let (whole, part) = amount.split_once('.').unwrap_or((&amount, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !digits(whole) || !digits(part) || whole.len() > WHOLE_DIGITS_MAX {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let (kept, finer) = part.split_at_checked(6).unwrap_or((part, ""));
    let kept: i64 = format!("{kept:0<6}").parse().ok()?;
    let up = i64::from(finer.bytes().any(|b| b != b'0'));
    whole.checked_mul(MICROS)?.checked_add(kept + up)
}
