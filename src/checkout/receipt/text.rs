//! Text of a PDF: shaped, measured and wrapped, in Latin, Greek, Cyrillic, Arabic and Hebrew letters. Other letters are
//! shown as empty boxes; a search in the file still finds them.

use krilla::geom::Point;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face, UnicodeBuffer};
use std::sync::OnceLock;
use unicode_bidi::BidiInfo;
use unicode_segmentation::UnicodeSegmentation;

/// Characters of one text; more are cut.
const CHARS_MAX: usize = 400;

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// For most.
    Regular,
    /// For what matters.
    Bold,
}

/// One line of text, ready to be drawn.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Points it takes.
    pub width: f32,
    size: f32,
    runs: Vec<Run>,
}

#[derive(Clone, Debug)]
struct Run {
    face: &'static Typeface,
    text: String,
    glyphs: Vec<KrillaGlyph>,
    width: f32,
}

struct Typeface {
    font: Font,
    shapes: Face<'static>,
}

impl std::fmt::Debug for Typeface {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.font.fmt(f)
    }
}

/// The letters that came with the program, the first one's first; licence beside the files.
const FILES: [[&[u8]; 3]; 2] = [
    [
        include_bytes!("../../../assets/receipt/NotoSans-Regular.ttf"),
        include_bytes!("../../../assets/receipt/NotoSansArabic-Regular.ttf"),
        include_bytes!("../../../assets/receipt/NotoSansHebrew-Regular.ttf"),
    ],
    [
        include_bytes!("../../../assets/receipt/NotoSans-Bold.ttf"),
        include_bytes!("../../../assets/receipt/NotoSansArabic-Bold.ttf"),
        include_bytes!("../../../assets/receipt/NotoSansHebrew-Bold.ttf"),
    ],
];

fn typefaces(weight: Weight) -> &'static [Typeface] {
    static READ: OnceLock<[Vec<Typeface>; 2]> = OnceLock::new();
    let [regular, bold] = READ.get_or_init(|| {
        FILES.map(|files| {
            let read = |bytes: &'static [u8]| Typeface {
                font: Font::new(bytes.into(), 0).expect("our own letters can be read; a test draws with each"),
                shapes: Face::from_slice(bytes, 0).expect("our own letters can be read; a test draws with each"),
            };
            files.into_iter().map(read).collect()
        })
    });
    match weight {
        Weight::Regular => regular,
        Weight::Bold => bold,
    }
}

/// Shapes one line. Marks that steer printers or the direction of other texts are taken out.
pub fn line(text: &str, weight: Weight, size: f32) -> Line {
    let text: String = text.chars().filter(|c| !steers(*c)).take(CHARS_MAX).collect();
    let bidi = BidiInfo::new(&text, None);
    let mut line = Line { size, ..Line::default() };
    for paragraph in &bidi.paragraphs {
        let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let backwards = levels.get(run.start).is_some_and(unicode_bidi::Level::is_rtl);
            let mut parts = by_typeface(text.get(run).unwrap_or_default(), typefaces(weight));
            if backwards {
                parts.reverse();
            }
            line.runs.extend(parts.into_iter().map(|(face, part)| shape(face, part, backwards, size)));
        }
    }
    line.width = line.runs.iter().map(|run| run.width).sum();
    line
}

fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Cuts a text where its letters need other files.
fn by_typeface<'t>(text: &'t str, faces: &'static [Typeface]) -> Vec<(&'static Typeface, &'t str)> {
    let Some(first) = faces.first() else {
        return Vec::new();
    };
    let has = |face: &Typeface, c: char| face.shapes.glyph_index(c).is_some();
    let mut parts: Vec<(&'static Typeface, &'t str)> = Vec::new();
    let (mut from, mut current) = (0, first);
    for (at, c) in text.char_indices() {
        let next = if has(current, c) { current } else { faces.iter().find(|f| has(f, c)).unwrap_or(first) };
        if !std::ptr::eq(next, current) {
            parts.extend(text.get(from..at).filter(|part| !part.is_empty()).map(|part| (current, part)));
            (from, current) = (at, next);
        }
    }
    parts.extend(text.get(from..).filter(|part| !part.is_empty()).map(|part| (current, part)));
    parts
}

fn shape(face: &'static Typeface, text: &str, backwards: bool, size: f32) -> Run {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_direction(if backwards { Direction::RightToLeft } else { Direction::LeftToRight });
    let shaped = rustybuzz::shape(&face.shapes, &[], buffer);
    let mut starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
    starts.sort_unstable();
    let em = face.font.units_per_em();
    let glyph = |(info, position): (&rustybuzz::GlyphInfo, &rustybuzz::GlyphPosition)| {
        let start = info.cluster as usize;
        let end = starts.iter().copied().find(|other| *other > start).unwrap_or(text.len());
        let share = |units: i32| units as f32 / em;
        KrillaGlyph::new(
            GlyphId::new(info.glyph_id),
            share(position.x_advance),
            share(position.x_offset),
            share(position.y_offset),
            share(position.y_advance),
            start..end,
            None,
        )
    };
    let glyphs: Vec<_> = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).map(glyph).collect();
    let width = glyphs.iter().map(|g| g.x_advance * size).sum();
    Run { face, text: text.to_owned(), glyphs, width }
}

/// Wraps a text where its language allows; a word that is too long is cut. At most `lines_max` lines, the last one then
/// ends in an ellipsis.
pub fn wrap(text: &str, weight: Weight, size: f32, width: f32, lines_max: usize) -> Vec<Line> {
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(CHARS_MAX).collect();
    let fits = |part: &str| line(part.trim_end(), weight, size).width <= width;
    let mut found: Vec<String> = Vec::new();
    let mut current = String::new();
    for word in words(&text) {
        if fits(&format!("{current}{word}")) {
            current.push_str(word);
            continue;
        }
        if !current.is_empty() {
            found.push(std::mem::take(&mut current));
        }
        for letter in word.graphemes(true) {
            if !current.is_empty() && !fits(&format!("{current}{letter}")) {
                found.push(std::mem::take(&mut current));
            }
            current.push_str(letter);
        }
    }
    if !current.is_empty() {
        found.push(current);
    }
    if found.len() > lines_max {
        found.truncate(lines_max);
        if let Some(last) = found.last_mut() {
            while !last.is_empty() && !fits(&format!("{}…", last.trim_end())) {
                last.pop();
            }
            *last = format!("{}…", last.trim_end());
        }
    }
    found.iter().map(|part| line(part.trim_end(), weight, size)).collect()
}

/// The pieces between the places where a line may end.
fn words(text: &str) -> Vec<&str> {
    let mut from = 0;
    let ends = unicode_linebreak::linebreaks(text).map(|(at, _)| at);
    ends.filter_map(|at| text.get(std::mem::replace(&mut from, at)..at)).collect()
}

impl Line {
    /// Draws the line; `x` is its left end, `y` its base.
    pub fn draw(&self, surface: &mut Surface<'_>, x: f32, y: f32) {
        let mut x = x;
        for run in &self.runs {
            surface.draw_glyphs(Point::from_xy(x, y), &run.glyphs, run.face.font.clone(), &run.text, self.size, false);
            x += run.width;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_the_named_scripts_has_a_shape() {
        for text in [
            "Žluťoučký kůň €₹₽₺₴ № ½",
            "Пальто ёлка Ґанок",
            "Ὀδυσσεύς ά",
            "שלום ₪",
            "معطف شتوي",
            "İğdır ẞ Ł ő",
            "–€1.00 … × ·",
        ] {
            for weight in [Weight::Regular, Weight::Bold] {
                let line = line(text, weight, 10.0);
                let missing = line.runs.iter().flat_map(|r| &r.glyphs).filter(|g| g.glyph_id.to_u32() == 0).count();
                assert_eq!(missing, 0, "{text}");
            }
        }
    }

    #[test]
    fn lines_end_within_their_width_and_lose_nothing() {
        let text =
            "Wanderstiefel „Høgfjell“ mit wasserdichter Membran, Donaudampfschifffahrtsgesellschaftskapitänsmützenband";
        let lines = wrap(text, Weight::Regular, 10.0, 120.0, 20);
        assert!(lines.len() > 3 && lines.iter().all(|l| l.width <= 120.0));
        let back: String = lines.iter().flat_map(|l| &l.runs).map(|r| r.text.as_str()).collect();
        assert_eq!(back.replace(' ', ""), text.replace(' ', ""));
        let cut = wrap(text, Weight::Regular, 10.0, 120.0, 2);
        assert!(cut.len() == 2 && cut[1].runs.iter().any(|r| r.text.ends_with('…')) && cut[1].width <= 120.0);
    }

    #[test]
    fn right_to_left_words_stand_from_the_right() {
        let line = line("Tent אוהל 2", Weight::Regular, 10.0);
        let order: Vec<&str> = line.runs.iter().map(|r| r.text.trim()).collect();
        assert_eq!(order.first(), Some(&"Tent"));
        let hebrew = line.runs.iter().find(|r| r.text.contains('א')).expect("a Hebrew run");
        let first = hebrew.glyphs.first().expect("a glyph");
        assert_ne!(hebrew.text.get(first.text_range.clone()), Some("א"), "its first letter is drawn last");
    }
}
