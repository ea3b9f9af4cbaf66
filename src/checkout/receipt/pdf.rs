//! A receipt as a PDF: the same bytes for the same receipt, whenever it is made.

use crate::checkout::receipt::Receipt;
use crate::checkout::receipt::layout::{self, Ink, Mark};
use jiff::tz::TimeZone;
use krilla::color::rgb;
use krilla::geom::PathBuilder;
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::{Document, SerializeSettings};

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
#[error("the receipt could not be written as PDF: {0}")]
pub struct Error(String);

/// The receipt as a PDF file.
pub fn pdf(receipt: &Receipt) -> Result<Vec<u8>, Error> {
    let mut document = Document::new_with(SerializeSettings::default());
    for marks in layout::pages(receipt) {
        let (width, height) = layout::PAGE;
        let settings = PageSettings::from_wh(width, height).ok_or_else(|| Error("a page without a size".to_owned()))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in &marks {
            draw(&mut surface, mark);
        }
        surface.finish();
        page.finish();
    }
    document.set_metadata(metadata(receipt));
    document.finish().map_err(|error| Error(format!("{error:?}")))
}

fn metadata(receipt: &Receipt) -> Metadata {
    // The file is as old as the payment: a clock in it would make every copy another file.
    let paid = receipt.paid_at.to_zoned(TimeZone::UTC);
    let part = |value: i8| u8::try_from(value).unwrap_or_default();
    let date = DateTime::new(u16::try_from(paid.year()).unwrap_or_default())
        .month(part(paid.month()))
        .day(part(paid.day()))
        .hour(part(paid.hour()))
        .minute(part(paid.minute()))
        .second(part(paid.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(format!("Receipt {}", receipt.number))
        .authors(vec![receipt.shop.clone()])
        .language("en".to_owned())
        .creator("Souk".to_owned())
        .document_id(format!("{} {}", receipt.shop, receipt.number))
        .creation_date(date)
}

fn draw(surface: &mut Surface<'_>, mark: &Mark) {
    match mark {
        Mark::Words { line, x, y, ink } => {
            surface.set_fill(Some(fill(*ink)));
            line.draw(surface, *x, *y);
        }
        Mark::Box { at: (x, y, width, height), ink } => {
            surface.set_fill(Some(fill(*ink)));
            let mut path = PathBuilder::new();
            path.move_to(*x, *y);
            path.line_to(x + width, *y);
            path.line_to(x + width, y + height);
            path.line_to(*x, y + height);
            path.close();
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}

fn fill(ink: Ink) -> Fill {
    let colour = match ink {
        Ink::Strong => rgb::Color::new(33, 29, 24),
        Ink::Soft => rgb::Color::new(95, 86, 75),
        Ink::Hair => rgb::Color::new(226, 218, 205),
        Ink::Band => rgb::Color::new(253, 241, 210),
        Ink::Warning => rgb::Color::new(102, 70, 0),
    };
    Fill { paint: colour.into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

#[cfg(test)]
mod tests;
