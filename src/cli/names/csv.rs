//! Lists of names as CSV files (RFC 4180), with a line of headings.

/// A line of a file: where it stands, and its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1.
    pub number: usize,
    /// Its fields.
    pub fields: Vec<String>,
}

/// The lines of a file; empty ones are left out.
///
/// # Errors
/// A quotation mark that is out of place, with the number of its line.
pub fn lines(text: &str) -> Result<Vec<Line>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut lines, mut fields, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut number, mut first, mut quoted) = (1, 1, false);
    // Whether the field was quoted and is closed; nothing may follow then.
    let mut closed = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted => (quoted, closed) = (false, true),
            '"' if field.is_empty() && !closed => quoted = true,
            ',' if !quoted => {
                fields.push(std::mem::take(&mut field));
                closed = false;
            }
            '\r' if !quoted && matches!(chars.peek(), Some('\n') | None) => {}
            '\n' if !quoted => {
                fields.push(std::mem::take(&mut field));
                keep(&mut lines, first, std::mem::take(&mut fields));
                number += 1;
                (first, closed) = (number, false);
            }
            _ if closed || (c == '"' && !quoted) => {
                return Err(format!("line {number}: a quotation mark is out of place"));
            }
            _ => {
                number += usize::from(c == '\n');
                field.push(c);
            }
        }
    }
    if quoted {
        return Err(format!("line {first}: a quotation mark is not closed"));
    }
    fields.push(field);
    keep(&mut lines, first, fields);
    Ok(lines)
}

fn keep(lines: &mut Vec<Line>, number: usize, fields: Vec<String>) {
    if fields.iter().any(|field| !field.is_empty()) {
        lines.push(Line { number, fields });
    }
}

/// A line of these fields.
#[must_use]
pub fn line(fields: &[&str]) -> String {
    let written = |field: &&str| {
        if field.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            (*field).to_owned()
        }
    };
    fields.iter().map(written).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<(usize, Vec<String>)> {
        lines(text).unwrap().into_iter().map(|line| (line.number, line.fields)).collect()
    }

    #[test]
    fn fields_are_read_with_their_quotes_and_line_ends() {
        let read = fields("\u{feff}a,b\r\n\n\"x, \"\"y\"\"\",\"two\nlines\"\nlast,\n");
        let text = |fields: &[&str]| fields.iter().map(|f| (*f).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            read,
            [(1, text(&["a", "b"])), (3, text(&["x, \"y\"", "two\nlines"])), (5, text(&["last", ""]))]
        );
        assert_eq!(fields(""), []);
        assert_eq!(fields("a").len(), 1);
    }

    #[test]
    fn what_is_written_is_read_again() {
        for field in ["plain", "a,b", "say \"no\"", "two\nlines", ""] {
            assert_eq!(lines(&line(&["x", field])).unwrap()[0].fields, ["x", field]);
        }
    }

    #[test]
    fn a_quote_out_of_place_is_told_with_its_line() {
        for (text, fault) in [
            ("a\nb\"c", "line 2: a quotation mark is out of place"),
            ("\"a\"b", "line 1: a quotation mark is out of place"),
            ("a\n\"b\nc", "line 2: a quotation mark is not closed"),
        ] {
            assert_eq!(lines(text).unwrap_err(), fault);
        }
    }
}
