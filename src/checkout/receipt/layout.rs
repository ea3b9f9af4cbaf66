//! Where everything of a receipt stands on paper: page after page of marks, before any of them is drawn.

use crate::checkout::receipt::text::{Line, Weight, line, wrap};
use crate::checkout::receipt::{Receipt, address};
use crate::domain::cart::QuoteLine;
use crate::wording::Voice;
use crate::wording::phrases as p;

/// Points of an A4 sheet.
pub const PAGE: (f32, f32) = (595.0, 842.0);
/// Left edge of everything.
const LEFT: f32 = 54.0;
/// Right edge of everything.
const RIGHT: f32 = 541.0;
/// Where a page begins.
const TOP: f32 = 62.0;
/// Where a page ends; the footer stands below.
const BOTTOM: f32 = 772.0;
/// Where the footer stands.
const FOOT: f32 = 804.0;
/// Right edges of quantity and unit price.
const COLUMNS: (f32, f32) = (366.0, 454.0);
/// Points a title may take.
const TITLE_WIDTH: f32 = 262.0;
/// Where the second column of the head begins.
const SECOND: f32 = 330.0;
/// Points that the names in the head may take.
const NAMES_WIDTH_MAX: f32 = 120.0;
/// Left edge of the sums.
const SUMS: f32 = 270.0;
/// Lines of one title.
const TITLE_LINES_MAX: usize = 6;
/// Lines of one address row or of the shop's name.
const HEAD_LINES_MAX: usize = 3;

/// What colour a mark has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Nearly black.
    Strong,
    /// For what matters less.
    Soft,
    /// For thin lines.
    Hair,
    /// Behind a warning.
    Band,
    /// Of a warning.
    Warning,
}

/// Something to draw.
#[derive(Clone, Debug)]
pub enum Mark {
    /// Words; `x` is the left end, `y` the base.
    Words {
        /// The shaped text.
        line: Line,
        /// Left end.
        x: f32,
        /// Base.
        y: f32,
        /// Colour.
        ink: Ink,
    },
    /// A filled box from the upper left corner.
    Box {
        /// Left, top, width, height.
        at: (f32, f32, f32, f32),
        /// Colour.
        ink: Ink,
    },
}

/// Pages in the making.
struct Sheets {
    pages: Vec<Vec<Mark>>,
    y: f32,
}

/// Every page of a receipt.
pub fn pages(receipt: &Receipt) -> Vec<Vec<Mark>> {
    let mut sheets = Sheets { pages: vec![Vec::new()], y: TOP };
    let voice = receipt.voice();
    head(&mut sheets, receipt, &voice);
    columns(&mut sheets, &voice);
    for row in &receipt.lines {
        goods(&mut sheets, row, &voice);
    }
    sums(&mut sheets, receipt);
    foot(&mut sheets, receipt, &voice);
    sheets.pages
}

fn head(sheets: &mut Sheets, receipt: &Receipt, voice: &Voice) {
    let say = |phrase| voice.pick(phrase);
    if receipt.test {
        sheets.mark(Mark::Box { at: (LEFT, TOP - 22.0, RIGHT - LEFT, 26.0), ink: Ink::Band });
        let words = line(&format!("{} {}", say(p::RECEIPT_TEST), say(p::RECEIPT_NOT_REAL)), Weight::Bold, 9.5);
        sheets.put(words, LEFT + 10.0, TOP - 5.5, Ink::Warning);
        sheets.y += 34.0;
    }
    let title = line(&say(p::PAGE_RECEIPT), Weight::Regular, 20.0);
    sheets.put_right(title, RIGHT, sheets.y + 4.0, Ink::Soft);
    for words in wrap(&receipt.shop, Weight::Bold, 18.0, 330.0, HEAD_LINES_MAX) {
        sheets.y += 4.0;
        sheets.put(words, LEFT, sheets.y, Ink::Strong);
        sheets.y += 19.0;
    }
    for row in &receipt.address {
        for words in wrap(row, Weight::Regular, 9.0, 330.0, HEAD_LINES_MAX) {
            sheets.put(words, LEFT, sheets.y, Ink::Soft);
            sheets.y += 12.5;
        }
    }
    sheets.y += 26.0;
    let top = sheets.y;
    let mut ends = vec![];
    if let Some(to) = &receipt.ship_to {
        label(sheets, &say(p::PAGE_ADDRESS), LEFT);
        for row in address(to) {
            for words in wrap(&row, Weight::Regular, 10.0, SECOND - LEFT - 20.0, HEAD_LINES_MAX) {
                sheets.put(words, LEFT, sheets.y, Ink::Strong);
                sheets.y += 14.0;
            }
        }
        ends.push(sheets.y);
        sheets.y = top;
    }
    let x = if receipt.ship_to.is_some() { SECOND } else { LEFT };
    let rows = [
        (p::RECEIPT_NUMBER, Some(receipt.number.clone())),
        (p::RECEIPT_ORDERED, Some(voice.date(receipt.placed))),
        (p::RECEIPT_PAID, Some(voice.date(receipt.paid))),
        (p::RECEIPT_HOW, receipt.online.then(|| say(p::RECEIPT_ONLINE))),
    ];
    let named = |(name, value): (_, Option<String>)| Some((line(&say(name), Weight::Regular, 10.0), value?));
    let rows: Vec<_> = rows.into_iter().filter_map(named).collect();
    let indent = rows.iter().map(|(name, _)| name.width + 12.0).fold(84.0, f32::max).min(NAMES_WIDTH_MAX);
    for (name, value) in rows {
        sheets.put(name, x, sheets.y, Ink::Soft);
        for words in wrap(&value, Weight::Regular, 10.0, RIGHT - x - indent, HEAD_LINES_MAX) {
            sheets.put(words, x + indent, sheets.y, Ink::Strong);
            sheets.y += 14.0;
        }
    }
    ends.push(sheets.y);
    sheets.y = ends.into_iter().fold(top, f32::max) + 26.0;
}

fn label(sheets: &mut Sheets, text: &str, x: f32) {
    sheets.put(line(text, Weight::Regular, 10.0), x, sheets.y, Ink::Soft);
    sheets.y += 14.0;
}

/// The head of the table of goods; it stands on every page that has goods.
fn columns(sheets: &mut Sheets, voice: &Voice) {
    let y = sheets.y;
    sheets.put(line(&voice.pick(p::RECEIPT_ITEM), Weight::Regular, 9.0), LEFT, y, Ink::Soft);
    for (name, x) in [(p::RECEIPT_QUANTITY, COLUMNS.0), (p::RECEIPT_UNIT, COLUMNS.1), (p::RECEIPT_AMOUNT, RIGHT)] {
        sheets.put_right(line(&voice.pick(name), Weight::Regular, 9.0), x, y, Ink::Soft);
    }
    sheets.rule(LEFT, y + 6.0, Ink::Soft);
    sheets.y = y + 22.0;
}

fn goods(sheets: &mut Sheets, row: &QuoteLine, voice: &Voice) {
    let title = wrap(&row.title, Weight::Regular, 10.0, TITLE_WIDTH, TITLE_LINES_MAX);
    let options = wrap(&row.options, Weight::Regular, 9.0, TITLE_WIDTH, HEAD_LINES_MAX);
    let height = title.len().max(1) as f32 * 13.5 + options.len() as f32 * 12.0 + 9.0;
    if sheets.turn(height) {
        columns(sheets, voice);
    }
    let y = sheets.y;
    sheets.put_right(line(&row.quantity.to_string(), Weight::Regular, 10.0), COLUMNS.0, y, Ink::Strong);
    sheets.put_right(line(&voice.money(row.unit), Weight::Regular, 10.0), COLUMNS.1, y, Ink::Strong);
    sheets.put_right(line(&voice.money(row.total), Weight::Regular, 10.0), RIGHT, y, Ink::Strong);
    if title.is_empty() {
        sheets.y += 13.5;
    }
    for words in title {
        sheets.put(words, LEFT, sheets.y, Ink::Strong);
        sheets.y += 13.5;
    }
    for words in options {
        sheets.put(words, LEFT, sheets.y, Ink::Soft);
        sheets.y += 12.0;
    }
    sheets.rule(LEFT, sheets.y - 6.0, Ink::Hair);
    sheets.y += 9.0;
}

fn sums(sheets: &mut Sheets, receipt: &Receipt) {
    let rows = receipt.sums();
    sheets.turn(rows.len() as f32 * 17.0 + 12.0);
    sheets.y += 6.0;
    for row in rows {
        let (weight, size) = if row.strong { (Weight::Bold, 12.0) } else { (Weight::Regular, 10.0) };
        let ink = if row.strong { Ink::Strong } else { Ink::Soft };
        if row.strong {
            sheets.rule(SUMS, sheets.y - 11.0, Ink::Soft);
            sheets.y += 5.0;
        }
        let name = wrap(&row.label, weight, size, RIGHT - SUMS - 80.0, 1);
        for words in name {
            sheets.put(words, SUMS, sheets.y, ink);
        }
        sheets.put_right(line(&row.amount, weight, size), RIGHT, sheets.y, Ink::Strong);
        sheets.y += if row.strong { 20.0 } else { 16.0 };
    }
}

/// The last line of every page, once it is known how many there are.
fn foot(sheets: &mut Sheets, receipt: &Receipt, voice: &Voice) {
    let count = sheets.pages.len();
    for (at, page) in sheets.pages.iter_mut().enumerate() {
        page.push(Mark::Box { at: (LEFT, FOOT - 14.0, RIGHT - LEFT, 0.6), ink: Ink::Hair });
        let blanks = [("page", (at + 1).to_string()), ("count", count.to_string())];
        let number = voice.say(p::RECEIPT_PAGE, &blanks.each_ref().map(|(blank, with)| (*blank, with.as_str())));
        let number = line(&number, Weight::Regular, 8.5);
        let x = RIGHT - number.width;
        page.push(Mark::Words { line: number, x, y: FOOT, ink: Ink::Soft });
        let text = format!("{} · {} {}", receipt.shop, voice.pick(p::PAGE_RECEIPT), receipt.number);
        let name = wrap(&text, Weight::Regular, 8.5, x - LEFT - 20.0, 1);
        page.extend(name.into_iter().map(|line| Mark::Words { line, x: LEFT, y: FOOT, ink: Ink::Soft }));
    }
}

impl Sheets {
    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    fn put(&mut self, line: Line, x: f32, y: f32, ink: Ink) {
        self.mark(Mark::Words { line, x, y, ink });
    }

    fn put_right(&mut self, line: Line, right: f32, y: f32, ink: Ink) {
        let x = right - line.width;
        self.put(line, x, y, ink);
    }

    fn rule(&mut self, x: f32, y: f32, ink: Ink) {
        self.mark(Mark::Box { at: (x, y, RIGHT - x, 0.6), ink });
    }

    /// Goes on to a new page when there is no room for so many points. Answers whether it did.
    fn turn(&mut self, height: f32) -> bool {
        if self.y + height <= BOTTOM {
            return false;
        }
        self.pages.push(Vec::new());
        self.y = TOP;
        true
    }
}
