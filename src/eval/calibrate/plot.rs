//! A calibration as a picture: risk over coverage with its interval and the targets, and predicted risk against what was
//! seen. Two panels of lines and dots, which is less than a library would bring along.

use crate::domain::risk::fit::Point;
use crate::eval::calibrate::Report;
use crate::eval::calibrate::measure::{Bin, lower_bound};

/// Side of a panel's plot.
const SIDE: f64 = 320.0;
/// Room around it.
const ROOM: f64 = 64.0;
/// Height of the titles.
const TITLE: f64 = 72.0;
/// Lines of the grid.
const GRID: usize = 4;
/// Points of the curve that are drawn.
const POINTS_MAX: usize = 2_000;
/// The highest risk on the left is at least this, so that targets can be told from nothing.
const RISK_MIN: f64 = 0.1;

const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#334}.t{font-weight:600;font-size:14px;fill:#112}\
.g{stroke:#dde;stroke-width:1}.a{stroke:#556;stroke-width:1}.c{fill:none;stroke:#1856c9;stroke-width:2}\
.b{fill:#1856c9;fill-opacity:.14}.w{stroke:#c02a2a;stroke-width:1.3;stroke-dasharray:5 4}\
.d{fill:none;stroke:#889;stroke-dasharray:3 4}.e{stroke:#1856c9;stroke-width:1.5}.p{fill:#1856c9}.r{fill:#a11}";

/// A square that turns shares into places.
struct Panel {
    left: f64,
    highest: f64,
    widest: f64,
}

impl Panel {
    fn x(&self, share: f64) -> f64 {
        self.left + (share / self.widest).clamp(0.0, 1.0) * SIDE
    }

    fn y(&self, share: f64) -> f64 {
        TITLE + SIDE - (share / self.highest).clamp(0.0, 1.0) * SIDE
    }

    fn frame(&self, title: &str, across: &str, up: &str) -> String {
        let (bottom, right, middle) = (TITLE + SIDE, self.left + SIDE, self.left + SIDE / 2.0);
        let mut out =
            format!("<text class=\"t\" x=\"{:.1}\" y=\"{:.1}\">{}</text>", self.left, TITLE - 44.0, escaped(title));
        for line in 0..=GRID {
            let share = line as f64 / GRID as f64;
            let (x, y) = (self.left + share * SIDE, bottom - share * SIDE);
            out.push_str(&format!(
                "<path class=\"g\" d=\"M{:.1} {y:.1}H{right:.1}M{x:.1} {TITLE:.1}V{bottom:.1}\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\
                 <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                self.left,
                self.left - 6.0,
                y + 4.0,
                percent(share * self.highest),
                bottom + 18.0,
                percent(share * self.widest),
            ));
        }
        out.push_str(&format!(
            "<path class=\"a\" fill=\"none\" d=\"M{:.1} {TITLE:.1}V{bottom:.1}H{right:.1}\"/>\
             <text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\
             <text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            self.left,
            bottom + 40.0,
            escaped(across),
            self.left,
            TITLE - 22.0,
            escaped(up),
        ));
        out
    }
}

/// The picture.
pub fn svg(report: &Report) -> String {
    let (width, height) = (2.0 * (SIDE + ROOM) + 2.0 * ROOM, TITLE + SIDE + ROOM + 20.0);
    let caption = format!("{}; judged by the other half", report.calibration.made_from);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-label=\"How often answers are wrong, and whether the predicted risks are true\"><style>{STYLE}</style>\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>{}{}<text x=\"{ROOM}\" y=\"{:.1}\">{}</text></svg>\n",
        coverage(&report.curve),
        reliability(&report.bins),
        height - 14.0,
        escaped(&caption),
    )
}

fn coverage(points: &[Point]) -> String {
    let points: Vec<&Point> = points.iter().step_by(points.len().div_ceil(POINTS_MAX).max(1)).collect();
    // The first few answers prove nothing, so their bounds would only squeeze the rest.
    let steady = points.iter().filter(|point| point.coverage >= 0.5).map(|point| point.bound);
    let highest = (steady.fold(RISK_MIN, f64::max) * 25.0).ceil() / 25.0;
    let panel = Panel { left: ROOM, highest, widest: 1.0 };
    let mut out = panel.frame(
        "Risk over coverage",
        "share of the answers that is sent, surest first",
        "share of them that is wrong",
    );
    let place = |coverage: f64, risk: f64| format!("{:.1} {:.1}", panel.x(coverage), panel.y(risk));
    let up: Vec<String> = points.iter().map(|p| place(p.coverage, p.bound)).collect();
    let down = points.iter().rev().map(|p| place(p.coverage, lower_bound(p.wrong, p.sent)));
    let line: Vec<String> = points.iter().map(|p| place(p.coverage, p.risk)).collect();
    if !points.is_empty() {
        // Answers of the same risk come in no order: any part of the surest ones is as often wrong as all of them.
        let tied = points.first().map_or(0.0, |first| first.risk);
        out.push_str(&format!(
            "<path class=\"d\" d=\"M{}L{}\"/>",
            place(0.0, tied),
            line.first().map_or("", String::as_str)
        ));
        let band: Vec<String> = up.into_iter().chain(down).collect();
        out.push_str(&format!("<path class=\"b\" d=\"M{}Z\"/>", band.join("L")));
        out.push_str(&format!("<path class=\"c\" d=\"M{}\"/>", line.join("L")));
        for point in points.iter().filter(|_| points.len() <= 60) {
            let (x, y) = (panel.x(point.coverage), panel.y(point.risk));
            out.push_str(&format!("<circle class=\"p\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\"/>"));
        }
    }
    for (target, name) in [(0.02, "2 % goods"), (0.005, "0.5 % rules, orders")] {
        let (y, right) = (panel.y(target), panel.left + SIDE);
        out.push_str(&format!("<path class=\"w\" d=\"M{:.1} {y:.1}H{right:.1}\"/>", panel.left));
        out.push_str(&format!("<text class=\"r\" x=\"{:.1}\" y=\"{:.1}\">{name}</text>", panel.left + 6.0, y - 4.0));
    }
    out
}

fn reliability(bins: &[Bin]) -> String {
    let most = bins.iter().map(|bin| bin.predicted.max(bin.high)).fold(RISK_MIN, f64::max);
    let most = (most * 10.0).ceil() / 10.0;
    let panel = Panel { left: 3.0 * ROOM + SIDE, highest: most, widest: most };
    let mut out = panel.frame("Predicted and seen", "predicted risk", "share that was wrong");
    let (x, y) = (panel.x(most), panel.y(most));
    out.push_str(&format!("<path class=\"d\" d=\"M{:.1} {:.1}L{x:.1} {y:.1}\"/>", panel.x(0.0), panel.y(0.0)));
    for bin in bins {
        let (x, low, high, y) = (panel.x(bin.predicted), panel.y(bin.low), panel.y(bin.high), panel.y(bin.seen));
        out.push_str(&format!(
            "<path class=\"e\" d=\"M{x:.1} {low:.1}V{high:.1}\"/><circle class=\"p\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x + 8.0,
            y + 4.0,
            bin.answers,
        ));
    }
    out
}

fn percent(share: f64) -> String {
    let tenths = (share * 1000.0).round();
    if tenths % 10.0 == 0.0 { format!("{:.0} %", tenths / 10.0) } else { format!("{:.1} %", tenths / 10.0) }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
