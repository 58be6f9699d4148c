//! Answers as the transcripts write them: what differs from run to run stands as a placeholder.
//!
//! Dates are written by their distance from the beginning of the case: `{T}`, `{T+1y}`, `{T+5d}`. Repository
//! identifiers, message identifiers, applications (`{application1}`), codes of the registry's making and copied contacts are numbered as they appear
//! (`{roid1}`, `{msg1}`, `REG-TRANSFER-{code1}`, `{clone1}`), so that the same one stays recognisable. Left out are the result's text and the transaction identifiers of the answer, which are checked on
//! every answer.

use std::time::Instant;

use domesday::clock::Ts;

use crate::client::Reply;
use crate::xml::Node;

/// Writes answers of one case.
pub struct Redactor {
    /// The moment the case began, by the server's clock.
    start: Ts,
    begun: Instant,
    roids: Vec<String>,
    messages: Vec<String>,
    codes: Vec<String>,
    copies: Vec<String>,
    applications: Vec<String>,
}

impl Redactor {
    pub fn new(start: Ts) -> Self {
        Self {
            start,
            begun: Instant::now(),
            roids: Vec::new(),
            messages: Vec::new(),
            codes: Vec::new(),
            copies: Vec::new(),
            applications: Vec::new(),
        }
    }

    /// The answer's lines.
    pub fn write(&mut self, reply: &Reply) -> String {
        let mut out = String::new();
        if let Some(greeting) = reply.root.child("greeting") {
            self.redacted(greeting).render(0, &mut out);
        }
        let Some(response) = reply.root.child("response") else { return out };
        for part in &response.children {
            match part.qname().as_str() {
                "trID" => {}
                "result" => {
                    for child in part.children.iter().filter(|c| c.name != "msg") {
                        self.redacted(child).render(0, &mut out);
                    }
                }
                _ => self.redacted(part).render(0, &mut out),
            }
        }
        out
    }

    fn redacted(&mut self, node: &Node) -> Node {
        let mut node = node.clone();
        self.redact(&mut node);
        node
    }

    fn redact(&mut self, node: &mut Node) {
        for child in &mut node.children {
            self.redact(child);
        }
        let message = node.name == "msgQ";
        for (name, value) in &mut node.attrs {
            if message && name == "id" {
                *value = format!("{{msg{}}}", place(&mut self.messages, value));
            }
        }
        if node.name == "roid" {
            node.text = format!("{{roid{}}}", place(&mut self.roids, &node.text));
        } else if node.name == "pw" && !node.text.is_empty() {
            let (form, _) = node.text.rsplit_once('-').unwrap_or(("", ""));
            node.text = format!("{form}-{{code{}}}", place(&mut self.codes, &node.text));
        } else if node.text.starts_with("clone-") && node.text.len() == 16 {
            node.text = format!("{{clone{}}}", place(&mut self.copies, &node.text));
        } else if node.name == "applicationID" && node.text.len() > 6 {
            node.text = format!("{{application{}}}", place(&mut self.applications, &node.text));
        } else if node.name == "svTRID" {
            node.text = "{svTRID}".to_owned();
        } else if self.messages.contains(&node.text) {
            node.text = format!("{{msg{}}}", place(&mut self.messages, &node.text));
        } else {
            node.text = self.without_times(&node.text);
        }
    }

    /// The text with every time in it, alone or in a sentence, written as a distance.
    fn without_times(&self, text: &str) -> String {
        let written = |word: &str| {
            let time = word.trim_end_matches(['.', ',', ';']);
            match self.distance(time) {
                Some(distance) => distance + &word[time.len()..],
                None => word.to_owned(),
            }
        };
        text.split(' ').map(written).collect::<Vec<_>>().join(" ")
    }

    /// A date as years and hours since the case began.
    fn distance(&self, text: &str) -> Option<String> {
        if !(text.len() >= 20 && (text.ends_with('Z') || text.ends_with("+00:00"))) {
            return None;
        }
        let at = Ts::from_timestamp(text.parse().ok()?);
        let slack = i64::try_from(self.begun.elapsed().as_micros()).unwrap_or(i64::MAX) + Ts::SECOND;
        for years in (0..=30).rev() {
            let base = self.start.plus_months(years * 12)?.0 - Ts::SECOND;
            let hour = 3600 * Ts::SECOND;
            let over = at.0 - base;
            if over < 0 || over % hour > slack || over > 400 * Ts::DAY {
                continue;
            }
            let hours = over / hour;
            let mut said = String::new();
            for (count, unit) in [(i64::from(years), 'y'), (hours / 24, 'd'), (hours % 24, 'h')] {
                if count > 0 {
                    said.push_str(&format!("{count}{unit}"));
                }
            }
            return Some(if said.is_empty() { "{T}".to_owned() } else { format!("{{T+{said}}}") });
        }
        Some("{some other time}".to_owned())
    }
}

/// The number of a value, by first appearance.
fn place(seen: &mut Vec<String>, value: &str) -> usize {
    match seen.iter().position(|s| s == value) {
        Some(at) => at + 1,
        None => {
            seen.push(value.to_owned());
            seen.len()
        }
    }
}

/// Two texts side by side, line by line: `-` is missing in the answer, `+` is new in it.
pub fn difference(expected: &str, got: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (expected.lines().collect(), got.lines().collect());
    // Longest common subsequence; answers are short.
    let mut table = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            table[i][j] =
                if old[i] == new[j] { table[i + 1][j + 1] + 1 } else { table[i + 1][j].max(table[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, String::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            out.push_str(&format!("      {}\n", old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && table[i + 1][j] >= table[i][j + 1]) {
            out.push_str(&format!("    - {}\n", old[i]));
            i += 1;
        } else {
            out.push_str(&format!("    + {}\n", new[j]));
            j += 1;
        }
    }
    out
}
