//! The turn as a value that decides: what to ask, what to call, when to stop. It holds no client and does nothing.

use crate::agent::bind::{self, Freedom, Problem};
use crate::agent::decide::enough::Enough;
use crate::agent::ledger::Ledger;
use crate::agent::room::{self, Room};
use crate::agent::tool::{Output, REPLY, ReplyArguments, outside};
use crate::agent::wording::{self, Voice};
use crate::agent::{HandOffAsked, Thread, clean, subject};
use crate::domain::conversation::HandOffReason;
use crate::domain::message::CHOICES_MAX;
use crate::llm::{Answer, Call, Message, Request};
use serde::{Deserialize, Serialize};

/// The same call with the same arguments this often is a loop.
const SAME_CALL_MAX: usize = 2;
/// Tool calls taken from one answer.
const CALLS_PER_ANSWER_MAX: usize = 8;
/// Times a reply that cannot be bound is given back.
const REPAIRS_MAX: u32 = 1;
/// Characters of a reply's text.
pub const REPLY_CHARS_MAX: usize = 1_500;

/// What a turn may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Answers of the model.
    pub model_calls: u32,
    /// Calls of tools.
    pub tool_calls: u32,
    /// How freely a reply may speak.
    #[serde(default)]
    pub freedom: Freedom,
}

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Ask the model.
    Ask(Request),
    /// Call these tools, in order.
    Call(Vec<Call>),
    /// Stop.
    Finish(Box<Ending>),
}

/// How a turn ends, before it is rendered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ending {
    /// A reply that was checked; `None` when nothing the model wrote could be sent.
    pub draft: Option<Draft>,
    /// Set when a colleague is needed.
    pub hand_off: Option<HandOffAsked>,
    /// Calls of tools, in order.
    pub calls: Vec<Call>,
    /// Their results, for what they leave behind.
    pub outputs: Vec<Output>,
    /// Whether the evidence suffices, when that was asked.
    pub enough: Option<Enough>,
    /// What was wrong with replies that were not sent.
    pub problems: Vec<String>,
}

/// A checked reply.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// Bound text.
    pub text: String,
    /// Products to show, by id or short name.
    pub show: Vec<String>,
    /// Answers offered for tapping.
    pub choices: Vec<String>,
    /// Short names of passages.
    pub sources: Vec<String>,
    /// `answer`, `ask_back` or `refuse`.
    pub outcome: String,
    /// Pages of ours that the text leads to: `order:FJ-1042`.
    pub links: Vec<String>,
}

/// A turn in the making.
#[derive(Debug)]
pub struct Turn {
    request: Request,
    limits: Limits,
    room: Option<Room>,
    /// Earlier messages at the front of the request.
    history: usize,
    /// Where results stand among the messages, and each in one line.
    lines: Vec<(usize, String)>,
    halved: bool,
    asked: u32,
    called: u32,
    calls: Vec<(String, String)>,
    repairs: u32,
    echo: Vec<String>,
    base: HandOffAsked,
    made: Vec<Call>,
    private: Vec<String>,
    voice: Voice,
    house: Vec<String>,
    outputs: Vec<Output>,
    problems: Vec<String>,
}

impl Turn {
    /// Starts a turn.
    pub fn begin(request: Request, limits: Limits, room: Option<Room>, thread: &Thread) -> (Self, Step) {
        let echo = thread.asked.iter().map(|m| m.body.words().to_owned()).collect();
        let turn = Self {
            request: request.clone(),
            limits,
            room,
            // Behind them stand what is asked and the situation.
            history: request.messages.len().saturating_sub(thread.asked.len() + 1),
            lines: Vec::new(),
            halved: false,
            asked: 1,
            called: 0,
            calls: Vec::new(),
            repairs: 0,
            echo,
            base: HandOffAsked::of(HandOffReason::Limit, thread),
            made: Vec::new(),
            private: vec![request.system.clone()],
            voice: wording::language(thread),
            house: vec![thread.shop.name.clone()],
            outputs: Vec::new(),
            problems: Vec::new(),
        };
        (turn, Step::Ask(request))
    }

    /// What was wrong with replies so far.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// The model answered.
    pub fn answered(&mut self, answer: Answer, ledger: &Ledger) -> Step {
        if let Some(call) = answer.calls.iter().find(|c| c.tool == REPLY) {
            return match ReplyArguments::parse(&call.arguments) {
                Ok(arguments) => self.check(arguments, call, ledger),
                Err(problem) => self.again(call, vec![problem]),
            };
        }
        if !answer.calls.is_empty() {
            return self.call(answer);
        }
        let arguments = ReplyArguments::plain(answer.text.trim());
        let call = Call { id: "text".to_owned(), tool: REPLY.to_owned(), arguments: String::new() };
        if arguments.is_empty() {
            return self.again(&call, vec!["The answer was empty.".to_owned()]);
        }
        self.check(arguments, &call, ledger)
    }

    /// The tools answered.
    pub fn returned(&mut self, results: Vec<(Call, Output)>) -> Step {
        for (call, output) in results {
            let mut content = output.content.clone();
            outside::mark(&call.tool, &mut content);
            self.lines.push((self.request.messages.len(), room::line(&output)));
            self.request.messages.push(Message::Result {
                call: call.id.clone(),
                tool: call.tool.clone(),
                content: clean::visible(&content.to_string()),
            });
            self.made.push(call);
            self.outputs.push(output);
        }
        if let Some(room) = self.room {
            room.shrink(&mut self.request.messages, &self.lines);
        }
        self.ask()
    }

    /// The request did not fit the model's window: once more with half of what was said before, and with results in a line.
    pub fn too_long(&mut self, why: &str) -> Step {
        if std::mem::replace(&mut self.halved, true) {
            return self.failed(why);
        }
        let gone = self.history.div_ceil(2);
        self.request.messages.drain(..gone);
        self.history -= gone;
        self.lines.iter_mut().for_each(|(at, _)| *at = at.saturating_sub(gone));
        if let Some(room) = self.room {
            let half = Room { results: room.results / 2, ..room };
            half.shrink(&mut self.request.messages, &self.lines);
            self.room = Some(half);
        }
        Step::Ask(self.request.clone())
    }

    /// The model failed for good.
    pub fn failed(&mut self, why: &str) -> Step {
        self.hand_over(HandOffReason::ModelFailed, &format!("The model did not answer: {why}"))
    }

    /// The turn took too long.
    pub fn out_of_time(&mut self) -> Step {
        self.hand_over(HandOffReason::Limit, "The turn took too long.")
    }

    fn call(&mut self, answer: Answer) -> Step {
        let mut calls = answer.calls;
        calls.truncate(CALLS_PER_ANSWER_MAX);
        for call in &calls {
            let key = (call.tool.clone(), call.arguments.clone());
            self.calls.push(key.clone());
            self.called += 1;
            let same = self.calls.iter().filter(|c| **c == key).count();
            if same > SAME_CALL_MAX || self.called > self.limits.tool_calls {
                return self.hand_over(HandOffReason::Limit, "The agent called its tools in circles.");
            }
        }
        self.request.messages.push(Message::Calls { calls: calls.clone() });
        Step::Call(calls)
    }

    fn check(&mut self, mut arguments: ReplyArguments, call: &Call, ledger: &Ledger) -> Step {
        let mut left = REPLY_CHARS_MAX;
        for segment in &mut arguments.segments {
            segment.text = segment.text.chars().take(left).collect();
            left = left.saturating_sub(segment.text.chars().count());
            if !arguments.cited {
                // Plain words cannot name their sources, so what plainly says the same is taken for one.
                segment.cites = bind::sources(&segment.text, ledger);
            }
        }
        let sources = arguments.sources();
        let whole: String = arguments.segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(" ");
        let grounded = whole.contains("{{") || !arguments.show.is_empty() || !sources.is_empty();
        if let Some(problem) = subject::problem(&whole, grounded) {
            return self.again(call, vec![problem.to_owned()]);
        }
        let acts = self.outputs.iter().filter_map(Output::act_word).collect();
        let evidence = bind::Evidence {
            voice: &self.voice,
            ledger,
            echo: &self.echo,
            sources: &sources,
            acts,
            private: &self.private,
            house: &self.house,
            freedom: self.limits.freedom,
        };
        let bound = bind::segments(&arguments.segments, &evidence);
        let choices = arguments.choices.into_iter().take(CHOICES_MAX).collect::<Vec<_>>();
        // What is offered for tapping is text that leaves the house, too.
        let offered = choices.iter().filter_map(|c| bind::bind(c, &evidence).err()).flatten();
        let told = |problems: Vec<Problem>| problems.iter().map(ToString::to_string).collect();
        match bound {
            Err(problems) => self.again(call, told(problems)),
            Ok(bound) => {
                let problems: Vec<Problem> = offered.collect();
                if !problems.is_empty() {
                    return self.again(call, told(problems));
                }
                let draft = Draft {
                    text: bound.text,
                    show: arguments.show,
                    choices,
                    sources,
                    outcome: arguments.outcome,
                    links: bound.links,
                };
                self.finish(draft, arguments.needs_human_reason)
            }
        }
    }

    // A reply that cannot be sent goes back once, with what is wrong; the second time the server writes a safe one.
    fn again(&mut self, call: &Call, problems: Vec<String>) -> Step {
        self.problems.extend(problems.iter().cloned());
        if self.repairs >= REPAIRS_MAX || self.asked >= self.limits.model_calls {
            return self.end(None, None);
        }
        self.repairs += 1;
        let text = format!(
            "Your reply was not sent: {} Write it again with the reply tool. Use placeholders such as {{{{p1.price}}}} \
             for every figure, or leave the figure out.",
            problems.join(" ")
        );
        if !call.arguments.is_empty() {
            self.request.messages.push(Message::Calls { calls: vec![call.clone()] });
            self.request.messages.push(Message::Result {
                call: call.id.clone(),
                tool: call.tool.clone(),
                content: "{\"sent\":false}".to_owned(),
            });
        }
        self.request.messages.push(Message::Remark { text });
        self.ask()
    }

    fn ask(&mut self) -> Step {
        if self.asked >= self.limits.model_calls {
            return self.hand_over(HandOffReason::Limit, "The agent did not come to an answer.");
        }
        self.asked += 1;
        // The last permitted answer has to be a reply.
        self.request.may_call = self.asked < self.limits.model_calls;
        Step::Ask(self.request.clone())
    }

    // The model may say itself that a colleague should look.
    fn finish(&mut self, draft: Draft, reason: Option<String>) -> Step {
        let asked = reason.map(|reason| HandOffAsked {
            reason: HandOffReason::NotKnown,
            tried: vec![reason],
            ..self.base.clone()
        });
        self.end(Some(draft), asked)
    }

    fn hand_over(&mut self, reason: HandOffReason, tried: &str) -> Step {
        let hand_off = HandOffAsked { reason, tried: vec![tried.to_owned()], ..self.base.clone() };
        self.end(None, Some(hand_off))
    }

    fn end(&mut self, draft: Option<Draft>, hand_off: Option<HandOffAsked>) -> Step {
        let (calls, outputs) = (std::mem::take(&mut self.made), std::mem::take(&mut self.outputs));
        let problems = std::mem::take(&mut self.problems);
        Step::Finish(Box::new(Ending { draft, hand_off, calls, outputs, enough: None, problems }))
    }
}
