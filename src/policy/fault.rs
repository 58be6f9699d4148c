//! What is wrong with a TOML text, for the person who wrote it: the line, and for an unknown key the nearest known one.

use std::fmt::Write as _;

use toml::de::{DeTable, DeValue};

/// The fault of a text that was read directly.
#[must_use]
pub fn describe(text: &str, error: &toml::de::Error) -> String {
    let (message, path) = reworded(error);
    let line = error.span().map_or_else(|| line_of_path(text, &path), |span| Some(line_at(text, span.start)));
    match line {
        Some(line) => format!("line {line}: {message}"),
        None => message,
    }
}

/// The first of the texts in which the key at fault of a merged table stands, with the fault described for it.
#[must_use]
pub fn describe_merged<'a>(texts: &[(&'a str, &str)], error: &toml::de::Error) -> (Option<&'a str>, String) {
    let (message, path) = reworded(error);
    for (name, text) in texts {
        if let Some(line) = line_of_path(text, &path) {
            return (Some(name), format!("line {line}: {message}"));
        }
    }
    (None, message)
}

/// The message in our words, and the path of the key it is about as far as it is known.
fn reworded(error: &toml::de::Error) -> (String, Vec<String>) {
    let display = error.to_string();
    let mut path: Vec<String> = display
        .lines()
        .find_map(|line| line.strip_prefix("in `")?.strip_suffix('`'))
        .map(|path| path.split('.').map(str::to_owned).collect())
        .unwrap_or_default();
    let message = error.message();
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let Some(rest) = message.strip_prefix("unknown field ") else {
        let mut message = message.to_owned();
        if !path.is_empty() {
            let _ = write!(message, " in `{}`", path.join("."));
        }
        return (message, path);
    };
    let (Some(unknown), known) = (quoted.first(), quoted.get(1..).unwrap_or_default()) else {
        return (rest.to_owned(), path);
    };
    if path.last().map(String::as_str) != Some(unknown) {
        path.push((*unknown).to_owned());
    }
    let nearest = known
        .iter()
        .max_by(|a, b| strsim::jaro_winkler(unknown, a).total_cmp(&strsim::jaro_winkler(unknown, b)));
    let at = path.join(".");
    let message = match nearest {
        Some(nearest) => format!("unknown key `{at}`; the nearest known key is `{nearest}`"),
        None => format!("unknown key `{at}`; no key is known here"),
    };
    (message, path)
}

/// The line on which the last key of the path stands.
#[must_use]
pub fn line_of_path(text: &str, path: &[String]) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let mut table = document.get_ref();
    let (last, above) = path.split_last()?;
    for key in above {
        let (_, value) = table.iter().find(|(k, _)| k.get_ref() == key.as_str())?;
        table = match value.get_ref() {
            DeValue::Table(below) => below,
            _ => return None,
        };
    }
    let (key, _) = table.iter().find(|(k, _)| k.get_ref() == last.as_str())?;
    Some(line_at(text, key.span().start))
}

fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Inner {
        mode: String,
        minimum: u8,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Outer {
        inner: Inner,
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_nearest() {
        let text = "[inner]\nmode = 'a'\nminimun = 3\n";
        let error = toml::from_str::<Outer>(text).unwrap_err();
        let fault = describe(text, &error);
        assert!(
            fault.contains("line 3") && fault.contains("minimun") && fault.contains("`minimum`"),
            "{fault}"
        );
    }

    #[test]
    fn a_merged_table_leads_back_to_its_text() {
        let (own, base) = ("[inner]\n\nmodus = 'a'\n", "[inner]\nminimum = 3\nmode = 'a'\n");
        let table: toml::Table = format!("{base}modus = 'a'\n").parse().unwrap();
        let error = table.try_into::<Outer>().unwrap_err();
        let (name, fault) = describe_merged(&[("base", base), ("own", own)], &error);
        assert_eq!(name, Some("own"));
        assert_eq!(fault, "line 3: unknown key `inner.modus`; the nearest known key is `mode`");
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_named_with_its_line() {
        let text = "[inner]\nmode = 'a'\nminimum = 'x'\n";
        let fault = describe(text, &toml::from_str::<Outer>(text).unwrap_err());
        assert!(fault.starts_with("line 3: "), "{fault}");
    }
}
