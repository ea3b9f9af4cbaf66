//! What came of it, as a table and as JSON.

use crate::eval::tau_retail::facts::Difference;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Wrong attempts that are shown of each rule.
const EXAMPLES_MAX: usize = 3;

/// Everything that was compared.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// What was taken in.
    pub loaded: Loaded,
    /// Each task.
    pub tasks: Vec<TaskVerdict>,
    /// What must be refused.
    pub refused: Vec<RuleVerdict>,
    /// What must not.
    pub allowed: Vec<RuleVerdict>,
}

/// What was taken in.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Loaded {
    /// Products.
    pub products: usize,
    /// Their items.
    pub items: usize,
    /// Users.
    pub users: usize,
    /// Orders.
    pub orders: usize,
    /// What does not read back as it stands in tau's file.
    pub differences: Vec<Difference>,
}

/// One task.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TaskVerdict {
    /// Its id.
    pub id: String,
    /// What a right agent writes down.
    pub writes: usize,
    /// What was refused here, in our words.
    pub refusals: Vec<String>,
    /// What is not as in tau.
    pub state: Vec<Difference>,
    /// Where only the method differs.
    pub methods: Vec<Difference>,
    /// Where tau's tool leaves something else than tau's policy says; compared is the policy.
    pub tool: Vec<Difference>,
    /// Where tau charges what is too little for any provider; compared is the new item at the old one's price.
    pub small: Vec<Difference>,
    /// Items sold out in tau of which one came back before it shipped: here, and only here, it can be bought again.
    pub shelf: BTreeSet<String>,
    /// What a right agent wants and tau's own tool refuses; compared is that it did not happen.
    pub tau_refuses: Vec<String>,
    /// Whether leaving one act out is noticed; `None` where there is none, or where it changes nothing in tau either.
    pub notices: Option<bool>,
}

/// One rule.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RuleVerdict {
    /// Its name.
    pub rule: String,
    /// Attempts.
    pub tried: usize,
    /// Attempts that ended as in tau.
    pub right: usize,
    /// Some of those that did not.
    pub wrong: Vec<String>,
}

impl TaskVerdict {
    /// Whether the end is tau's, methods of payment apart.
    pub fn is_fine(&self) -> bool {
        self.state.is_empty() && self.notices != Some(false)
    }
}

impl RuleVerdict {
    /// Counts one attempt.
    pub fn count(&mut self, right: bool, what: impl FnOnce() -> String) {
        self.tried += 1;
        self.right += usize::from(right);
        if !right && self.wrong.len() < EXAMPLES_MAX {
            self.wrong.push(what());
        }
    }
}

impl Report {
    /// Whether everything is as in tau, and there was something to compare.
    pub fn is_fine(&self) -> bool {
        let rules = |all: &[RuleVerdict]| !all.is_empty() && all.iter().all(|r| r.tried > 0 && r.right == r.tried);
        self.loaded.differences.is_empty()
            && !self.tasks.is_empty()
            && self.tasks.iter().all(TaskVerdict::is_fine)
            && rules(&self.refused)
            && rules(&self.allowed)
    }

    /// The tables.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let l = &self.loaded;
        let _ = writeln!(text, "{} products ({} items), {} users, {} orders", l.products, l.items, l.users, l.orders);
        differences(&mut text, "  not as in the file: ", &l.differences);
        text.push('\n');
        let _ = writeln!(text, "{:<6}{:>7}  {:<7}{:<9}", "task", "writes", "state", "methods");
        for task in &self.tasks {
            let word = |fine: bool| if fine { "same" } else { "differs" };
            let (state, methods) = (word(task.state.is_empty()), word(task.methods.is_empty()));
            let _ = writeln!(text, "{:<6}{:>7}  {state:<7}{methods:<9}", task.id, task.writes);
            for refusal in &task.refusals {
                let _ = writeln!(text, "        refused: {refusal}");
            }
            differences(&mut text, "        ", &task.state);
            differences(&mut text, "        method only: ", &task.methods);
            differences(&mut text, "        tau's tool differs from tau's policy: ", &task.tool);
            differences(&mut text, "        too little to be charged: ", &task.small);
            if !task.shelf.is_empty() {
                let items: Vec<&str> = task.shelf.iter().map(String::as_str).collect();
                let _ = writeln!(text, "        on the shelf again here, not in tau: {}", items.join(", "));
            }
            for refusal in &task.tau_refuses {
                let _ = writeln!(text, "        tau's own tool refuses: {refusal}");
            }
            if task.notices == Some(false) {
                let _ = writeln!(text, "        leaving the last act out is not noticed");
            }
        }
        rules(&mut text, "must be refused", &self.refused);
        rules(&mut text, "must be allowed", &self.allowed);
        text.push_str(&self.totals());
        text
    }

    /// The numbers alone.
    pub fn totals(&self) -> String {
        let of = self.tasks.len();
        let count = |fine: &dyn Fn(&TaskVerdict) -> bool| self.tasks.iter().filter(|t| fine(t)).count();
        let state = count(&|t| t.state.is_empty());
        let both = count(&|t| t.state.is_empty() && t.methods.is_empty());
        let writing = count(&|t| t.writes > 0);
        let tool = count(&|t| !t.tool.is_empty());
        let (seen, asked) = (count(&|t| t.notices == Some(true)), count(&|t| t.notices.is_some()));
        let sum = |all: &[RuleVerdict]| all.iter().fold((0, 0), |(right, tried), r| (right + r.right, tried + r.tried));
        let ((refused, to_refuse), (allowed, to_allow)) = (sum(&self.refused), sum(&self.allowed));
        let mut text = String::from("\n");
        let _ = writeln!(text, "{state} of {of} tasks end as in tau ({writing} write something)");
        let _ = writeln!(text, "{both} of {of} also with tau's payment methods");
        let (small, wanted) = (count(&|t| !t.small.is_empty()), count(&|t| !t.tau_refuses.is_empty()));
        let shelf = count(&|t| !t.shelf.is_empty());
        let _ = writeln!(text, "{tool} tasks in which tau's tool departs from tau's policy (compared is the policy)");
        let _ = writeln!(text, "{small} tasks in which tau charges less than a provider can (compared without it)");
        let _ = writeln!(
            text,
            "{shelf} tasks in which sold-out goods are back on the shelf here (compared with them there)"
        );
        let _ =
            writeln!(text, "{wanted} tasks in which tau's own tool refuses the act (compared is that nothing happens)");
        let _ = writeln!(text, "{seen} of {asked} omissions noticed");
        let _ = writeln!(text, "{refused} of {to_refuse} attempts refused that tau refuses");
        let _ = writeln!(text, "{allowed} of {to_allow} attempts allowed that tau allows");
        text
    }
}

fn differences(text: &mut String, before: &str, all: &[Difference]) {
    for d in all {
        let _ = writeln!(text, "{before}{} {}: expected {}, found {}", d.about, d.field, d.expected, d.found);
    }
}

fn rules(text: &mut String, name: &str, all: &[RuleVerdict]) {
    let _ = writeln!(text, "\n{name:<34}{:>7}{:>7}", "tried", "right");
    for rule in all {
        let _ = writeln!(text, "{:<34}{:>7}{:>7}", rule.rule, rule.tried, rule.right);
        for wrong in &rule.wrong {
            let _ = writeln!(text, "    {wrong}");
        }
    }
}
