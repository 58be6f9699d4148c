//! Plays a transcript against a server.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::path::Path;

use domesday::clock::Ts;

use crate::client::{self, Client, Reply};
use crate::codes;
use crate::golden::{Redactor, difference};
use crate::script::{Action, Golden, Script};
use crate::subject::Subject;
use crate::xml::escape;

/// What a case led to.
#[derive(Debug)]
pub struct Played {
    /// What is wrong, with file and line.
    pub faults: Vec<String>,
    /// The answers below each `expect` that names one: lines of the file and what should stand there.
    pub recorded: Vec<(std::ops::Range<usize>, String)>,
}

/// Plays all steps; after a fault the rest is not worth playing, except where only a golden differs.
pub async fn play(script: &Script, subject: &Subject) -> Played {
    let mut played = Played { faults: Vec::new(), recorded: Vec::new() };
    let mut stage = Stage {
        subject,
        sessions: BTreeMap::new(),
        variables: BTreeMap::new(),
        redactor: Redactor::new(subject.operator.now()),
        svtrids: HashSet::new(),
        last: None,
        commands: 0,
    };
    for account in &subject.accounts {
        let letter = &account.id[..1];
        stage.variables.insert(format!("{letter}.id"), account.id.clone());
        stage.variables.insert(format!("{letter}.pw"), account.password.clone());
    }
    for (index, step) in script.steps.iter().enumerate() {
        let expects = matches!(script.steps.get(index + 1).map(|s| &s.action), Some(Action::Expect { .. }));
        let done = stage.step(&step.action, expects, &mut played.recorded).await;
        if let Err(Fault { what, fatal }) = done {
            played.faults.push(format!("{}:{}: {what}", script.path.display(), step.line));
            if fatal {
                break;
            }
        }
    }
    played
}

/// What is wrong with a step, and whether playing on makes sense.
struct Fault {
    what: String,
    fatal: bool,
}

impl<T: ToString> From<T> for Fault {
    fn from(what: T) -> Self {
        Self { what: what.to_string(), fatal: true }
    }
}

struct Stage<'a> {
    subject: &'a Subject,
    sessions: BTreeMap<String, Client>,
    variables: BTreeMap<String, String>,
    redactor: Redactor,
    svtrids: HashSet<String>,
    /// The last answer and how it reads redacted.
    last: Option<(Reply, String)>,
    commands: usize,
}

impl Stage<'_> {
    async fn step(
        &mut self,
        action: &Action,
        expects: bool,
        recorded: &mut Vec<(std::ops::Range<usize>, String)>,
    ) -> Result<(), Fault> {
        match action {
            Action::Send { session, verb, body } => {
                // A frame that is too long has no answer.
                if !expects && verb != "octets" {
                    return Err("an `expect` must follow".into());
                }
                self.send(session, verb, body, expects).await?;
            }
            Action::Template { session, name, values } => {
                let body = template(name, values)?;
                self.send(session, "raw", &body, expects).await?;
                if !expects {
                    let (reply, _) = self.last.as_ref().ok_or("no answer")?;
                    if reply.code() >= 2000 {
                        return Err(format!("refused with {}\n{}", reply.code(), reply.xml).into());
                    }
                }
            }
            Action::Expect { codes, golden, .. } => self.expect(codes, golden.as_ref(), recorded)?,
            Action::Has { pattern, text } => {
                let text = text.as_ref().map(|t| self.fill(t)).transpose()?;
                if !self.matches(pattern, text.as_deref())? {
                    return Err(self.seen(&format!("there is no {pattern} {}", text.unwrap_or_default())));
                }
            }
            Action::Absent { pattern } => {
                if self.matches(pattern, None)? {
                    return Err(self.seen(&format!("there is a {pattern}")));
                }
            }
            Action::Keep { variable, qname, other } => {
                let (reply, _) = self.last.as_ref().ok_or("no answer yet")?;
                let text = reply.text(qname).filter(|text| other.is_none() || !text.is_empty());
                let text = text.or_else(|| other.clone());
                let text = text.ok_or_else(|| format!("there is no {qname}"))?;
                self.variables.insert(variable.clone(), text);
            }
            Action::Desk { registrar, words } => {
                if !expects {
                    return Err("an `expect` must follow".into());
                }
                let words =
                    words.iter().map(|w| self.filled(w, str::to_owned)).collect::<Result<Vec<_>, _>>()?;
                let account = self.subject.account(registrar).id.clone();
                let xml = self.subject.operator.desk(&account, &words).await?;
                let reply = Reply { root: crate::xml::Node::parse(&xml)?, xml };
                self.check(&reply, None)?;
                self.remember(reply);
            }
            Action::Mailed { variable, to } => {
                let code = self.subject.operator.mailed(to).await?;
                self.variables.insert(variable.clone(), code);
            }
            Action::Move { seconds } => self.subject.operator.advance(*seconds).await?,
            Action::MoveTo { at } => {
                let left = at.0.saturating_sub(self.subject.operator.now().0);
                let seconds = left.div_euclid(Ts::SECOND) + 1;
                if seconds < 1 {
                    return Err("that moment has passed".into());
                }
                self.subject.operator.advance(seconds).await?;
            }
            Action::Set { kind, name, value, on } => {
                self.subject.operator.operate(kind, name, value, *on).await?
            }
            Action::Connect { session, from, login } => {
                let (door, account) = (self.subject.door(session).from(*from), self.subject.account(session));
                let client = match login {
                    true => Client::enter(&door, account).await?,
                    false => Client::connect(&door, account).await?,
                };
                self.sessions.insert(session.clone(), client);
            }
            Action::Closed { session } => {
                let mut client = self.sessions.remove(session).ok_or("no such session")?;
                if let Some(reply) = client.receive().await? {
                    return Err(format!("a frame instead of the end: {}", reply.xml).into());
                }
            }
        }
        Ok(())
    }

    async fn send(&mut self, session: &str, verb: &str, body: &str, expects: bool) -> Result<(), Fault> {
        self.commands += 1;
        let cltrid = format!("{session}-{}", self.commands);
        self.variables.insert("trid".to_owned(), cltrid.clone());
        let body = self.fill(body)?;
        let verb = self.fill(verb)?;
        let (frame, cltrid) = match verb.as_str() {
            "raw" => (body, None),
            "hello" => (client::frame("<hello/>"), None),
            "octets" => (hello_of(body.trim().parse()?), None),
            verb => (client::command(verb, &body, Some(&cltrid)), Some(cltrid)),
        };
        if !self.sessions.contains_key(session) {
            let client = Client::enter(self.subject.door(session), self.subject.account(session)).await?;
            self.sessions.insert(session.to_owned(), client);
        }
        let client = self.sessions.get_mut(session).ok_or("no such session")?;
        if verb == "octets" && !expects {
            client.send(frame.as_bytes()).await?;
            return Ok(());
        }
        let mut reply = client.ask(&self.subject.operator.outgoing(&frame)).await?;
        if let Some(renamed) = self.subject.operator.incoming(&reply.xml) {
            reply = Reply { root: crate::xml::Node::parse(&renamed)?, xml: renamed };
        }
        self.check(&reply, cltrid.as_deref())?;
        self.remember(reply);
        Ok(())
    }

    /// Keeps an answer, and the variables in it, for the steps that follow.
    fn remember(&mut self, reply: Reply) {
        for variable in ["exDate", "crDate", "roid", "svTRID"] {
            if let Some(node) = reply.root.all().into_iter().find(|n| n.name == variable) {
                self.variables.insert(variable.to_owned(), node.text.clone());
            }
        }
        if let Some(id) = reply.attr("msgQ", "id") {
            self.variables.insert("msgid".to_owned(), id);
        }
        let redacted = self.redactor.write(&reply);
        self.last = Some((reply, redacted));
    }

    /// What holds for every answer (RFC 5730 section 2.6).
    fn check(&mut self, reply: &Reply, cltrid: Option<&str>) -> Result<(), Fault> {
        let Some(response) = reply.root.child("response") else { return Ok(()) };
        let trid = response.child("trID").ok_or("an answer without trID")?;
        if let Some(sent) = cltrid
            && trid.child("clTRID").map(|n| n.text.as_str()) != Some(sent)
        {
            return Err(format!("clTRID {sent} is not echoed: {}", reply.xml).into());
        }
        let message =
            response.find("msg").first().map(|m| (m.attr("lang").unwrap_or("en").to_owned(), m.text.clone()));
        if let Some((_, said)) = message.filter(|(lang, _)| lang == "en" && self.subject.operator.exact())
            && Some(said.as_str()) != codes::text(reply.code())
        {
            return Err(format!("code {} does not say {said:?}", reply.code()).into());
        }
        let svtrid = trid.child("svTRID").ok_or("an answer without svTRID")?.text.clone();
        if !(3..=64).contains(&svtrid.chars().count()) || !self.svtrids.insert(svtrid.clone()) {
            return Err(format!("svTRID {svtrid} came twice, or has a wrong length").into());
        }
        Ok(())
    }

    fn expect(
        &mut self,
        codes: &[u16],
        golden: Option<&Golden>,
        recorded: &mut Vec<(std::ops::Range<usize>, String)>,
    ) -> Result<(), Fault> {
        let (reply, redacted) = self.last.as_ref().ok_or("no answer yet")?;
        if !codes.contains(&reply.code()) {
            return Err(format!("code {} instead of {codes:?}\n{}", reply.code(), reply.xml).into());
        }
        if let Some(golden) = golden {
            recorded.push((golden.lines.clone(), redacted.clone()));
        }
        match golden {
            Some(golden)
                if self.subject.operator.exact() && golden.text.trim_end() != redacted.trim_end() =>
            {
                Err(Fault {
                    what: format!("the answer differs\n{}", difference(&golden.text, redacted)),
                    fatal: false,
                })
            }
            _ => Ok(()),
        }
    }

    /// Whether the last answer has an element `domain:status`, or `domain:status@s=ok`, with that text.
    fn matches(&self, pattern: &str, text: Option<&str>) -> Result<bool, Fault> {
        let (reply, _) = self.last.as_ref().ok_or("no answer yet")?;
        let (qname, attr) = pattern.split_once('@').map_or((pattern, None), |(q, a)| (q, Some(a)));
        Ok(reply.root.find(qname).into_iter().any(|node| {
            let attr_fits = match attr.map(|a| a.split_once('=').unwrap_or((a, ""))) {
                None => true,
                Some((name, "")) => node.attr(name).is_some(),
                Some((name, value)) => node.attr(name) == Some(value),
            };
            attr_fits && text.is_none_or(|t| node.text == t)
        }))
    }

    fn seen(&self, what: &str) -> Fault {
        let xml = self.last.as_ref().map(|(r, _)| r.xml.as_str()).unwrap_or("");
        Fault { what: format!("{what}\n{xml}"), fatal: true }
    }

    /// Puts in the variables, as XML has them.
    fn fill(&self, text: &str) -> Result<String, Fault> {
        self.filled(text, escape)
    }

    /// Puts in the variables.
    fn filled(&self, text: &str, write: impl Fn(&str) -> String) -> Result<String, Fault> {
        let (mut rest, mut out) = (text, String::new());
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or("a `{` without `}`")?;
            let (name, day) = name.strip_suffix(".day").map_or((name, false), |n| (n, true));
            let value = self.variables.get(name).ok_or_else(|| format!("nothing is known as {{{name}}}"))?;
            let value = if day { value.get(..10).unwrap_or(value) } else { value };
            out.push_str(before);
            out.push_str(&write(value));
            rest = after;
        }
        Ok(out + rest)
    }
}

/// A hello in a frame of so many octets, its length of four among them.
fn hello_of(octets: usize) -> String {
    let hello = client::frame("<hello/>");
    let blanks = octets.saturating_sub(4 + hello.len());
    hello.replace("<hello/>", &format!("<hello/>{}", " ".repeat(blanks)))
}

/// The frame of that name with its `{key=default}` filled in; other variables stay for later.
fn template(name: &str, values: &[(String, String)]) -> Result<String, Fault> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/frame").join(format!("{name}.xml"));
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let (mut rest, mut out, mut used) = (text.as_str(), String::new(), HashSet::new());
    while let Some((before, after)) = rest.split_once('{') {
        let (key, after) = after.split_once('}').ok_or("a `{` without `}`")?;
        let _ = match key.split_once('=') {
            None => write!(out, "{before}{{{key}}}"),
            Some((key, default)) => {
                used.insert(key.to_owned());
                let value = values.iter().find(|(k, _)| k == key).map_or(default, |(_, v)| v);
                write!(out, "{before}{value}")
            }
        };
        rest = after;
    }
    match values.iter().find(|(k, _)| !used.contains(k)) {
        Some((key, _)) => Err(format!("the frame {name} has no {key}").into()),
        None => Ok(out + rest),
    }
}
