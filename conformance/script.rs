//! The transcript format of `case/<object>/<name>.epp`: what is sent, and what comes back.
//!
//! ```text
//! # What the case shows.
//! profile gtld                                   rules of server and zones (default: demo); indented TOML is laid over
//! profile gtld mine                              the same; the case is played once more under each further profile
//! zone attr                                      one more zone, or the zone `example` with rules of its own
//!     ns.mode = "host_attr"
//!
//! a> @domain name=foo.example                    sends frame/domain.xml; it must succeed
//! b> domain:info <name>foo.example</name>        registrar b: a command in short form, see client::command
//! expect 1000                                    the answer's code, then the answer itself (see golden.rs)
//!     <resData>
//!       ...
//! b> domain:renew                                a longer body stands indented below
//!     <name>foo.example</name>
//!     <curExpDate>{exDate.day}</curExpDate>
//!     <extension>..</extension>                  what comes behind the command; prefixes of extensions are declared
//! expect 2201 or 2303 ..                         one of these codes, nothing else compared
//! expect 1000 but mine 2306, yours 2003 ..       under other profiles other codes
//! has domain:status@s=ok                         an element is there, with that attribute, with that text
//! has domain:name foo.example
//! absent domain:authInfo                         it is not
//! keep first domain:roid                         its text becomes the variable {first}
//! keep code domain:pw else Domain-Pw-1           where it is not there or empty, the text behind `else` does
//! start 2026-03-28T23:29:50+01:00                when the case begins, for rules of the calendar (default: now)
//! servers 2                                      two servers on one database: a session with an even digit is at the second
//! move 5d                                        the clock goes on by days (d), hours (h), minutes (m), seconds (s); due work
//!                                                is done
//! at 2026-03-29T00:00:10+01:00                   the clock goes on to that moment
//! repeat 180                                     the next step and its `expect` are played that often
//! desk a domain:delete foo.example               registrar a's staff asks, see domesday::epp::words; an `expect` follows
//! mailed code ada@ada.example                    what waits in the outbox is sent; the transfer code in the newest mail to
//!                                                that address becomes the variable {code}
//! set bounced ada@ada.example 550                the newest mail that was sent there comes back
//! set domain foo.example serverHold              the operator sets a status; also `unset`, host, contact
//! set registrar b off                            the operator switches an account or a zone off; `on` again
//! set poll a off                                 the registrar switches its poll off; `on` again
//! set address a 192.0.2.1                        the operator puts an address on an account's list
//! set profile b gtld                             the operator puts an account under a profile's rules; `unset` the server's
//! set waiting foo.example ct-1                   a contact waits for a name
//! set token foo.example 1a2b3c4d                 who an offered name is offered to accepts, and has that token
//! set allocation foo.example ABC-123,price=3.00  a token that is bound to a name (`*`: to none), perhaps with op=,
//!                                                registrar=, years=, price=, until= (days); `unset` takes it back
//! set maintenance Upgrade 30    work of that name on the service in so many days, announced or changed; `unset` calls it off
//! set roles a proxy                              the meta-roles of a registrar's user, `none` or with commas between them
//! set management b registrant                    the operator sets who manages what a registrar creates
//! set pending foo.example accept                 what waits about a domain or host is decided; also reject, complete, cancel,
//!                                                or GREEN, YELLOW, BLUE, RED, N/A: completed, and so assessed
//! set listed foo.example premium:gold            the operator lists a name: premium of a class, reserved or blocked with a
//!                                                reason (blocked:By_court), or without one; `unset .. blocked` takes it off
//! set claim foo tmch                            the label has a claim at that validator; it has no other claims
//! set application foo.example validated          the first open application for the name; also invalid, pendingAllocation,
//!                                                allocated, rejected
//! set deposit b 100.00                           the operator takes in a registrar's money
//! connect a2                                     a connection without a login; `a2> login ..` is then up to the case
//! connect a2 127.0.0.2                           the same from another address
//! enter a2 127.0.0.2                             and with a login
//! a2> raw <anything/>                            a frame as it stands
//! a2> octets 262144                              a hello, with blanks up to a frame of so many octets
//! closed a2                                      the server ends the connection, cleanly
//! ```
//!
//! A session's first letter is its registrar: `a`, `b`, `c`; it logs in when first used. Variables are `{a.id}`,
//! `{a.pw}` and the last `{exDate}`, `{crDate}`, `{roid}`, `{msgid}`, `{svTRID}` seen in an answer; `{x.day}` is the
//! day of a date. A command of the short form gets a clTRID of its own, which its answer must echo.

use std::net::IpAddr;
use std::ops::Range;
use std::path::{Path, PathBuf};

use domesday::clock::Ts;

/// A case, read but not played.
#[derive(Debug)]
pub struct Script {
    pub path: PathBuf,
    pub setup: Setup,
    /// Further profiles to play it under.
    pub also: Vec<String>,
    pub steps: Vec<Step>,
    /// How often the step that comes is played.
    repeat: usize,
    /// The file's lines, for rewriting goldens.
    pub lines: Vec<String>,
}

/// The registry a case wants to find.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Setup {
    /// A built-in profile, and TOML to lay over it.
    pub profile: String,
    pub overlay: String,
    /// Name and overrides.
    pub zones: Vec<(String, String)>,
    /// When it begins; now, where it does not say.
    pub start: Option<Ts>,
    /// Whether two servers share the database.
    pub two_servers: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            profile: "demo".to_owned(),
            overlay: String::new(),
            zones: vec![("example".to_owned(), String::new())],
            start: None,
            two_servers: false,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Step {
    /// Counted from 1.
    pub line: usize,
    pub action: Action,
}

#[derive(Clone, Debug)]
pub enum Action {
    Send {
        session: String,
        verb: String,
        body: String,
    },
    Template {
        session: String,
        name: String,
        values: Vec<(String, String)>,
    },
    Expect {
        codes: Vec<u16>,
        but: Vec<(String, u16)>,
        golden: Option<Golden>,
    },
    Has {
        pattern: String,
        text: Option<String>,
    },
    Absent {
        pattern: String,
    },
    Keep {
        variable: String,
        qname: String,
        /// What it is where the element is not there.
        other: Option<String>,
    },
    Move {
        seconds: i64,
    },
    MoveTo {
        at: Ts,
    },
    /// Mail goes out, and one brings a code.
    Mailed {
        variable: String,
        to: String,
    },
    /// What a registrar's staff asks for at its desk.
    Desk {
        registrar: String,
        words: Vec<String>,
    },
    Set {
        kind: String,
        name: String,
        value: String,
        on: bool,
    },
    Connect {
        session: String,
        /// The address it comes from, if not the usual one.
        from: Option<IpAddr>,
        login: bool,
    },
    Closed {
        session: String,
    },
}

/// The block below an `expect`.
#[derive(Clone, Debug)]
pub struct Golden {
    pub text: String,
    /// Its lines in the file, counted from 0.
    pub lines: Range<usize>,
}

impl Action {
    /// Whether it takes an operator's hand, or the clock's.
    fn is_operators(&self) -> bool {
        matches!(
            self,
            Self::Move { .. }
                | Self::MoveTo { .. }
                | Self::Set { .. }
                | Self::Desk { .. }
                | Self::Mailed { .. }
                | Self::Connect { from: Some(_), .. }
        )
    }
}

impl Script {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut script = Self {
            path: path.to_owned(),
            setup: Setup::default(),
            also: Vec::new(),
            steps: Vec::new(),
            repeat: 1,
            lines: lines.clone(),
        };
        let mut at = 0;
        while at < lines.len() {
            let line = lines[at].trim_end();
            let number = at + 1;
            at += 1;
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let begin = at;
            while at < lines.len() && lines[at].starts_with(' ') && !lines[at].trim().is_empty() {
                at += 1;
            }
            let block = unindent(&lines[begin..at]);
            let fault = |what: &str| format!("{}:{number}: {what}: {line}", path.display());
            if line.starts_with(' ') {
                return Err(fault("an indented line belongs to nothing"));
            }
            script.line(number, line, block, begin..at).map_err(|what| fault(&what))?;
        }
        Ok(script)
    }

    fn line(&mut self, number: usize, line: &str, block: String, lines: Range<usize>) -> Result<(), String> {
        let (word, rest) = line.split_once(' ').map_or((line, ""), |(w, r)| (w, r.trim()));
        let mut words = rest.split_whitespace().map(str::to_owned);
        let mut next = |what: &str| words.next().ok_or_else(|| format!("{what} is missing"));
        let takes_block = word.ends_with('>') || matches!(word, "expect" | "profile" | "zone");
        if !block.is_empty() && !takes_block {
            return Err("nothing can stand indented below".to_owned());
        }
        let action = match word {
            "profile" => {
                self.setup.profile = next("the profile")?;
                self.also = words.collect();
                self.setup.overlay = block;
                return Ok(());
            }
            "zone" => {
                let name = next("the zone")?;
                self.setup.zones.retain(|(n, _)| *n != name);
                self.setup.zones.push((name, block));
                return Ok(());
            }
            "start" => {
                self.setup.start = Some(moment(rest)?);
                return Ok(());
            }
            "servers" => {
                self.setup.two_servers = rest == "2";
                return Ok(());
            }
            "repeat" => {
                self.repeat = rest.parse().map_err(|_| "how often?")?;
                return Ok(());
            }
            "expect" => expect(rest, Golden { text: block, lines })?,
            "has" => {
                let pattern = next("the element")?;
                let text = rest[pattern.len()..].trim();
                Action::Has { pattern, text: (!text.is_empty()).then(|| text.to_owned()) }
            }
            "absent" => Action::Absent { pattern: next("the element")? },
            "keep" => {
                let (variable, qname) = (next("the variable")?, next("the element")?);
                let (_, other) = rest.split_once(" else ").unwrap_or((rest, ""));
                Action::Keep { variable, qname, other: (!other.is_empty()).then(|| other.to_owned()) }
            }
            "desk" => {
                let registrar = next("the registrar")?;
                let words: Vec<String> = words.collect();
                if words.is_empty() {
                    return Err("the command is missing".to_owned());
                }
                Action::Desk { registrar, words }
            }
            "mailed" => Action::Mailed { variable: next("the variable")?, to: next("the address")? },
            "move" => Action::Move { seconds: duration(rest)? },
            "at" => Action::MoveTo { at: moment(rest)? },
            "set" | "unset" => Action::Set {
                kind: next("the kind of object")?,
                name: next("the object")?,
                value: next("the status")?,
                on: word == "set",
            },
            "connect" | "enter" => Action::Connect {
                session: next("the session")?,
                from: words.next().map(|w| w.parse().map_err(|_| "no address")).transpose()?,
                login: word == "enter",
            },
            "closed" => Action::Closed { session: next("the session")? },
            _ => match word.strip_suffix('>') {
                Some(session) => send(session, rest, block)?,
                None => return Err("this is no line of a transcript".to_owned()),
            },
        };
        self.push(Step { line: number, action })
    }

    /// Adds a step; the one that a `repeat` stands before so often, when its `expect` is there.
    fn push(&mut self, step: Step) -> Result<(), String> {
        let ends = matches!(step.action, Action::Expect { .. });
        let compared = matches!(step.action, Action::Expect { golden: Some(_), .. });
        self.steps.push(step);
        if self.repeat == 1 || !ends {
            return Ok(());
        }
        let times = std::mem::replace(&mut self.repeat, 1);
        let (true, false) = (self.steps.len() > 1, compared) else {
            return Err("what is repeated is a step and an `expect` that ends in `..`".to_owned());
        };
        let pair = self.steps[self.steps.len() - 2..].to_vec();
        for _ in 1..times {
            self.steps.extend(pair.iter().cloned());
        }
        Ok(())
    }

    /// The case as it goes under one of its further profiles.
    pub fn under(mut self, profile: &str) -> Self {
        profile.clone_into(&mut self.setup.profile);
        for step in &mut self.steps {
            if let Action::Expect { codes, but, .. } = &mut step.action
                && let Some((_, code)) = but.iter().find(|(name, _)| name == profile)
            {
                *codes = vec![*code];
            }
        }
        self
    }

    /// Writes the file with these answers below its `expect` lines.
    pub fn write_goldens(&self, recorded: &[(Range<usize>, String)]) {
        let mut lines = self.lines.clone();
        let mut recorded: Vec<_> = recorded.iter().collect();
        recorded.sort_by_key(|(range, _)| range.start);
        for (range, answer) in recorded.into_iter().rev() {
            let block = answer.lines().map(|l| format!("    {l}"));
            lines.splice(range.clone(), block);
        }
        std::fs::write(&self.path, lines.join("\n") + "\n").unwrap();
    }

    /// Whether the case needs more of a server than what every registrar has.
    pub fn needs_operator(&self) -> bool {
        self.setup != Setup::default() || self.steps.iter().any(|s| s.action.is_operators())
    }
}

fn expect(rest: &str, golden: Golden) -> Result<Action, String> {
    let (rest, compared) = match rest.strip_suffix("..") {
        Some(rest) => (rest, false),
        None => (rest, true),
    };
    if !compared && !golden.text.is_empty() {
        return Err("`..` says that nothing is compared".to_owned());
    }
    let (rest, other) = rest.split_once(" but ").unwrap_or((rest, ""));
    if compared && !other.is_empty() {
        return Err("answers under other profiles are not compared; end the line with `..`".to_owned());
    }
    let mut but = Vec::new();
    for pair in other.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, code) = pair.split_once(' ').ok_or("write `but PROFILE CODE`")?;
        but.push((name.to_owned(), code.parse().map_err(|_| "no code".to_owned())?));
    }
    let code = |w: &str| if w == "greeting" { Ok(0) } else { w.parse().map_err(|_| "no code".to_owned()) };
    let codes =
        rest.split_whitespace().filter(|w| *w != "or").map(code).collect::<Result<Vec<u16>, String>>()?;
    if codes.is_empty() {
        return Err("which code?".to_owned());
    }
    Ok(Action::Expect { codes, but, golden: compared.then_some(golden) })
}

fn send(session: &str, rest: &str, block: String) -> Result<Action, String> {
    let session = session.to_owned();
    if !session.starts_with(['a', 'b', 'c']) {
        return Err("a session's first letter is a, b or c".to_owned());
    }
    if let Some(rest) = rest.strip_prefix('@') {
        let mut words = rest.split_whitespace();
        let name = words.next().unwrap_or("").to_owned();
        let pair = |w: &str| w.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())).ok_or("key=value");
        let values = words.map(pair).collect::<Result<Vec<_>, _>>()?;
        return Ok(Action::Template { session, name, values });
    }
    if rest == "raw" || rest.starts_with("raw ") {
        let inline = rest["raw".len()..].trim_start();
        return Ok(Action::Send { session, verb: "raw".to_owned(), body: format!("{inline}{block}") });
    }
    if let Some(octets) = rest.strip_prefix("octets ") {
        return Ok(Action::Send { session, verb: "octets".to_owned(), body: octets.to_owned() });
    }
    let (verb, inline) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
    Ok(Action::Send { session, verb: verb.trim().to_owned(), body: format!("{inline}{block}") })
}

fn duration(text: &str) -> Result<i64, String> {
    let mut seconds = 0;
    for part in text.split_whitespace() {
        let unit = match part.chars().last() {
            Some('d') => 86_400,
            Some('h') => 3600,
            Some('m') => 60,
            Some('s') => 1,
            _ => return Err("a time is written like 5d, 3h, 10m or 9s".to_owned()),
        };
        seconds += part[..part.len() - 1].parse::<i64>().map_err(|e| e.to_string())? * unit;
    }
    Ok(seconds)
}

fn moment(text: &str) -> Result<Ts, String> {
    text.parse()
        .map(Ts::from_timestamp)
        .map_err(|e| format!("a moment is written 2026-03-28T23:29:50+01:00: {e}"))
}

/// The lines without the blanks that all of them begin with.
fn unindent(lines: &[String]) -> String {
    let margin = lines.iter().map(|l| l.len() - l.trim_start().len()).min().unwrap_or(0);
    lines.iter().map(|l| l[margin..].trim_end()).collect::<Vec<_>>().join("\n")
}
