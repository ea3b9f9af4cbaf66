//! The run as a person reads it.

use crate::eval::retrieval::answer::Part;
use crate::eval::retrieval::interval::Mean;
use crate::eval::retrieval::metric::Refusals;
use crate::eval::retrieval::report::{Configuration, Report};
use std::fmt::Write;

/// Characters of a title that are printed.
const TITLE_CHARS: usize = 64;

/// A part's name.
pub(super) fn part(part: Part) -> &'static str {
    match part {
        Part::Bm25 => "bm25",
        Part::Lexical => "lexical",
        Part::Dense => "dense",
        Part::Hybrid => "hybrid",
        Part::Find => "find",
    }
}

impl Report {
    /// A table for each configuration, what differs, and what is worst.
    pub fn text(&self) -> String {
        let mut out = format!(
            "{} products, {} questions, {} with a relevant product (rated 2 or 3); 95 % intervals\n",
            self.products, self.questions, self.with_relevant
        );
        for configuration in &self.configurations {
            table(&mut out, configuration);
        }
        let _ = writeln!(out, "\ncompared question by question          difference            better/same/worse");
        for c in &self.comparisons {
            let d = &c.difference;
            let what = format!("{} − {}", c.this, c.than);
            let _ = writeln!(
                out,
                "{what:<38} {:<18} {:+.3} [{:+.3}, {:+.3}]  {}/{}/{}",
                c.measure, d.mean.mean, d.mean.low, d.mean.high, d.wins, d.ties, d.losses
            );
        }
        let _ = writeln!(out, "\nworst questions (judged-only and raw nDCG@10; what stood on top with its rating)");
        for w in &self.worst {
            let place = match (w.first_relevant, &w.relevant_title) {
                (Some(at), _) => format!("first relevant at {at}"),
                (None, Some(title)) => format!("not found: {}", short(title)),
                (None, None) => "nothing relevant is listed".to_owned(),
            };
            let _ = writeln!(out, "{:<28} {:.2} {:.2}  {place}", w.query, w.judged_only_ndcg10, w.ndcg10);
            for line in &w.top {
                let _ = writeln!(out, "    {}", short(line));
            }
        }
        out
    }
}

fn table(out: &mut String, configuration: &Configuration) {
    let _ = writeln!(out, "\n{} ({})", configuration.name, configuration.embedder);
    let _ = writeln!(
        out,
        "{:<8} {:>21} {:>21} {:>6} {:>6} {:>6} {:>6}",
        "", "nDCG@10 judged only", "nDCG@10", "MRR", "R@10", "R@100", "jd@10"
    );
    for (name, scores) in &configuration.parts {
        let _ = writeln!(
            out,
            "{:<8} {:>21} {:>21} {:>6.3} {:>6.3} {:>6.3} {:>6.2}",
            part(*name),
            within(&scores.judged_only_ndcg10),
            within(&scores.ndcg10),
            scores.mrr10.mean,
            scores.recall10.mean,
            scores.recall100.mean,
            scores.judged10.mean
        );
    }
    refused(out, "we don't carry that, of the judged questions", &configuration.refusals);
    let carried = &configuration.carried;
    if carried.all != Refusals::default() || !carried.refused.is_empty() {
        refused(out, "we don't carry that, held-out half of --carried", &carried.held_out);
        refused(out, "we don't carry that, all of --carried", &carried.all);
        let _ = writeln!(out, "    wrongly refused: {}", carried.refused.join(", "));
        let _ = writeln!(out, "    wrongly offered: {}", carried.offered.join(", "));
    }
    let codes = &configuration.codes;
    let _ = writeln!(
        out,
        "part numbers, right one first: without hyphens {:.3} of {}, extra hyphens {:.3} of {}, split {:.3} of {}",
        codes.without_hyphens.hit1,
        codes.without_hyphens.of,
        codes.extra_hyphens.hit1,
        codes.extra_hyphens.of,
        codes.split.hit1,
        codes.split.of
    );
    let times = &configuration.milliseconds;
    let _ = writeln!(
        out,
        "a search took p50 {:.1} ms, p99 {:.1} ms; the first one, which loads the shop, {:.0} ms",
        times.p50, times.p99, times.first
    );
}

fn refused(out: &mut String, what: &str, r: &Refusals) {
    let _ = writeln!(
        out,
        "{what}: F1 {:.2} (precision {:.2}, recall {:.2}; {} right, {} wrong, {} missed)",
        r.f1, r.precision, r.recall, r.right, r.wrong, r.missed
    );
}

fn within(mean: &Mean) -> String {
    format!("{:.3} [{:.3}, {:.3}]", mean.mean, mean.low, mean.high)
}

fn short(text: &str) -> String {
    text.chars().take(TITLE_CHARS).collect()
}
