//! The turn as a value that decides: what to ask, what to call, when to stop. It holds no client and does nothing.

use crate::agent::bind::{self, Problem};
use crate::agent::ledger::Ledger;
use crate::agent::tool::{Output, REPLY, ReplyArguments};
use crate::agent::wording::{self, Voice};
use crate::agent::{HandOffAsked, Thread, summary_of};
use crate::domain::conversation::HandOffReason;
use crate::domain::message::CHOICES_MAX;
use crate::llm::{Answer, Call, Message, Request};

/// The same call with the same arguments this often is a loop.
const SAME_CALL_MAX: usize = 2;
/// Tool calls taken from one answer.
const CALLS_PER_ANSWER_MAX: usize = 8;
/// Times a reply that cannot be bound is given back.
const REPAIRS_MAX: u32 = 1;
/// Characters of a reply's text.
pub const REPLY_CHARS_MAX: usize = 1_500;

/// What a turn may use up.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Answers of the model.
    pub model_calls: u32,
    /// Calls of tools.
    pub tool_calls: u32,
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
    /// Results of tools, in order, for what they leave behind.
    pub outputs: Vec<Output>,
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
}

/// A turn in the making.
#[derive(Debug)]
pub struct Turn {
    request: Request,
    limits: Limits,
    asked: u32,
    called: u32,
    calls: Vec<(String, String)>,
    repairs: u32,
    echo: Vec<String>,
    voice: Voice,
    summary: String,
    outputs: Vec<Output>,
    problems: Vec<String>,
}

impl Turn {
    /// Starts a turn.
    pub fn begin(request: Request, limits: Limits, thread: &Thread) -> (Self, Step) {
        let echo = thread.asked.iter().map(|m| m.body.words().to_owned()).collect();
        let turn = Self {
            request: request.clone(),
            limits,
            asked: 1,
            called: 0,
            calls: Vec::new(),
            repairs: 0,
            echo,
            voice: wording::language(thread),
            summary: summary_of(&thread.asked),
            outputs: Vec::new(),
            problems: Vec::new(),
        };
        (turn, Step::Ask(request))
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
        if arguments.text.is_empty() {
            return self.again(&call, vec!["The answer was empty.".to_owned()]);
        }
        self.check(arguments, &call, ledger)
    }

    /// The tools answered.
    pub fn returned(&mut self, results: Vec<(Call, Output)>) -> Step {
        for (call, output) in results {
            self.request.messages.push(Message::Result {
                call: call.id,
                tool: call.tool,
                content: output.content.to_string(),
            });
            self.outputs.push(output);
        }
        self.ask()
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

    fn check(&mut self, arguments: ReplyArguments, call: &Call, ledger: &Ledger) -> Step {
        let text: String = arguments.text.chars().take(REPLY_CHARS_MAX).collect();
        let mut evidence = bind::Evidence {
            voice: &self.voice,
            ledger,
            echo: &self.echo,
            sources: &arguments.sources,
            acts: Vec::new(),
        };
        evidence.acts = self.outputs.iter().filter_map(Output::act_word).collect();
        match bind::bind(&text, &evidence) {
            Ok(text) => {
                let choices = arguments.choices.into_iter().take(CHOICES_MAX).collect::<Vec<_>>();
                // What is offered for tapping is text that leaves the house, too.
                let problems: Vec<Problem> =
                    choices.iter().filter_map(|c| bind::bind(c, &evidence).err()).flatten().collect();
                if problems.is_empty() {
                    let (show, sources) = (arguments.show, arguments.sources);
                    self.finish(Draft { text, show, choices, sources, outcome: arguments.outcome })
                } else {
                    self.again(call, problems.iter().map(ToString::to_string).collect())
                }
            }
            Err(problems) => self.again(call, problems.iter().map(ToString::to_string).collect()),
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

    fn finish(&mut self, draft: Draft) -> Step {
        self.end(Some(draft), None)
    }

    fn hand_over(&mut self, reason: HandOffReason, tried: &str) -> Step {
        let hand_off = HandOffAsked { reason, summary: self.summary.clone(), tried: vec![tried.to_owned()] };
        self.end(None, Some(hand_off))
    }

    fn end(&mut self, draft: Option<Draft>, hand_off: Option<HandOffAsked>) -> Step {
        let (outputs, problems) = (std::mem::take(&mut self.outputs), std::mem::take(&mut self.problems));
        Step::Finish(Box::new(Ending { draft, hand_off, outputs, problems }))
    }
}
