//! What a table says about itself (RFC 7940 section 4.3).

use super::Fault;
use super::xml::Element;

/// The `<meta>` of a table; what is not said is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// Its version.
    pub version: String,
    /// When it was made: `2026-11-24`.
    pub date: String,
    /// The languages and scripts it is for, as language tags.
    pub languages: Vec<String>,
    /// Kind and name of what it is meant for: `domain`, `example`.
    pub scopes: Vec<(String, String)>,
    /// The first day it is in force.
    pub from: String,
    /// The day it is no longer in force from.
    pub until: String,
    /// The version of Unicode it was made with.
    pub unicode: String,
    /// In words.
    pub description: String,
}

impl Meta {
    pub(super) fn read(meta: &Element) -> Result<Self, Fault> {
        let mut read = Self::default();
        for part in &meta.children {
            let text = part.text.trim().to_owned();
            match part.name.as_str() {
                "version" => read.version = once(part, &read.version, text)?,
                "date" => read.date = once(part, &read.date, day(part, text)?)?,
                "validity-start" => read.from = once(part, &read.from, day(part, text)?)?,
                "validity-end" => read.until = once(part, &read.until, day(part, text)?)?,
                "unicode-version" => read.unicode = once(part, &read.unicode, text)?,
                "description" => read.description = once(part, &read.description, text)?,
                "language" => {
                    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                        return Err(part.fault(format!("{text:?} is not a language tag")));
                    }
                    read.languages.push(text);
                }
                "scope" => {
                    let kind = part.attribute("type").unwrap_or("domain").to_owned();
                    read.scopes.push((kind, text));
                }
                "references" => {}
                _ => return Err(part.fault(format!("<{}> does not belong in <meta>", part.name))),
            }
        }
        if !read.from.is_empty() && !read.until.is_empty() && read.from >= read.until {
            return Err(meta.fault(format!("it ends to be valid on {}, before it begins", read.until)));
        }
        Ok(read)
    }

    /// Whether it is in force on that day: `2026-11-24`.
    #[must_use]
    pub fn holds_on(&self, day: &str) -> bool {
        (self.from.is_empty() || self.from.as_str() <= day)
            && (self.until.is_empty() || day < self.until.as_str())
    }
}

fn once(part: &Element, before: &str, text: String) -> Result<String, Fault> {
    match (before.is_empty(), text.is_empty()) {
        (_, true) => Err(part.fault(format!("<{}> is empty", part.name))),
        (false, _) => Err(part.fault(format!("<{}> is there twice", part.name))),
        _ => Ok(text),
    }
}

/// A calendar day, which is then compared as text.
fn day(part: &Element, text: String) -> Result<String, Fault> {
    match text.parse::<jiff::civil::Date>() {
        Ok(_) if text.len() == 10 => Ok(text),
        _ => Err(part.fault(format!("{text:?} is not a day such as 2026-11-24"))),
    }
}
