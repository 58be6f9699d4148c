//! The file of a zone's lists: its columns, and the entries they make.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context;

use super::csv;
use crate::cli::given;
use crate::cli::out::hint;
use crate::clock::Ts;
use crate::epp::types::DomainName;
use crate::flow::listed;
use crate::store::listed::{ListKind, ListedRow};

/// The columns, in the order they are written.
pub const COLUMNS: [&str; 6] = ["name", "list", "class", "reason", "from", "until"];
/// How many faults of a file are told at once.
const TOLD: usize = 10;

/// The entries of a file for a zone, without numbers; each line is of `list`, where that is given.
///
/// # Errors
/// When the file cannot be read, or lines of it are wrong: the first of them, each with its number.
pub fn read(path: &Path, zone: &DomainName, list: Option<ListKind>) -> anyhow::Result<Vec<ListedRow>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    parse(&text, zone, list).map_err(|faults| {
        let more = faults.len().saturating_sub(TOLD);
        let mut told = faults.into_iter().take(TOLD).collect::<Vec<_>>().join("\n  ");
        if more > 0 {
            told.push_str(&format!("\n  and {more} more"));
        }
        let advice = format!("the first line names the columns: {}", COLUMNS.join(","));
        hint(format!("{}: {told}", path.display()), advice)
    })
}

fn parse(text: &str, zone: &DomainName, list: Option<ListKind>) -> Result<Vec<ListedRow>, Vec<String>> {
    let mut lines = csv::lines(text).map_err(|fault| vec![fault])?.into_iter();
    let head = lines.next().ok_or_else(|| vec!["the file is empty".to_owned()])?;
    let columns: Vec<String> = head.fields.iter().map(|f| f.trim().to_lowercase()).collect();
    if let Some(unknown) = columns.iter().find(|column| !COLUMNS.contains(&column.as_str())) {
        return Err(vec![format!("line {}: there is no column {unknown:?}", head.number)]);
    }
    let at = |name: &str| columns.iter().position(|column| column == name);
    if at("name").is_none() || (at("list").is_none() && list.is_none()) {
        let needed =
            format!("line {}: the columns name and list are needed; --list KIND stands for one", head.number);
        return Err(vec![needed]);
    }
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    let mut seen: HashMap<(DomainName, ListKind), usize> = HashMap::new();
    for line in lines {
        let field = |name: &str| {
            at(name).and_then(|at| line.fields.get(at)).map(|field| field.trim()).filter(|f| !f.is_empty())
        };
        let made = if line.fields.len() > columns.len() {
            Err("it has more fields than there are columns".to_owned())
        } else {
            row(zone, list, field)
        };
        match made {
            Err(fault) => faults.push(format!("line {}: {fault}", line.number)),
            Ok(row) => match seen.insert((row.name.clone(), row.list), line.number) {
                Some(before) => faults.push(format!(
                    "line {}: {} is {} by line {before} already",
                    line.number,
                    row.name,
                    row.list.name()
                )),
                None => rows.push(row),
            },
        }
    }
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

fn row<'a>(
    zone: &DomainName,
    list: Option<ListKind>,
    field: impl Fn(&str) -> Option<&'a str>,
) -> Result<ListedRow, String> {
    let name = name(field("name").ok_or("it has no name")?, zone)?;
    let own = match field("list") {
        None => None,
        Some(text) => Some(ListKind::parse(text).ok_or_else(|| format!("{text:?} is no list; {}", kinds()))?),
    };
    let list = match (list, own) {
        (Some(list), Some(own)) if list != own => return Err(format!("it is of list {}", own.name())),
        (list, own) => list.or(own).ok_or("it has no list")?,
    };
    let text = |name: &str| field(name).unwrap_or_default().to_owned();
    let row = ListedRow {
        id: 0,
        zone: zone.clone(),
        name,
        list,
        class: text("class"),
        reason: text("reason"),
        from: moment(field("from"))?,
        until: moment(field("until"))?,
    };
    listed::check(&row)?;
    Ok(row)
}

/// A name of a zone: whole, or its label alone.
///
/// # Errors
/// Why it is none.
pub fn name(text: &str, zone: &DomainName) -> Result<DomainName, String> {
    let whole = if text.contains('.') { text.to_owned() } else { format!("{text}.{zone}") };
    DomainName::parse(&whole).map_err(|e| format!("{text:?} is no name: {e}"))
}

fn moment(text: Option<&str>) -> Result<Option<Ts>, String> {
    text.map(|text| given::moment(text).map_err(|e| e.to_string())).transpose()
}

/// The lists there are, in words.
#[must_use]
pub fn kinds() -> String {
    let names: Vec<_> = ListKind::ALL.iter().map(|list| list.name()).collect();
    format!("there are {}", names.join(", "))
}

/// The file of these entries.
#[must_use]
pub fn written(rows: &[ListedRow]) -> String {
    let mut text = csv::line(&COLUMNS);
    for row in rows {
        let at = |at: Option<Ts>| at.map(|at| at.to_string()).unwrap_or_default();
        let (from, until) = (at(row.from), at(row.until));
        text.push('\n');
        text.push_str(&csv::line(&[
            row.name.as_str(),
            row.list.name(),
            &row.class,
            &row.reason,
            &from,
            &until,
        ]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> DomainName {
        DomainName::parse("example").unwrap()
    }

    #[test]
    fn a_file_makes_entries_and_they_make_it_again() {
        let text = "Name,list,class,reason,from,until\nGold,premium,gold,,,\nking.example,reserved,,\"Crown, kept\",\
                    2027-01-01,2028-01-01T12:00:00Z\n";
        let rows = parse(text, &zone(), None).unwrap();
        assert_eq!((rows[0].name.as_str(), rows[0].class.as_str()), ("gold.example", "gold"));
        assert_eq!((rows[1].list, rows[1].reason.as_str()), (ListKind::Reserved, "Crown, kept"));
        assert_eq!(parse(&written(&rows), &zone(), None).unwrap(), rows);
        let short = parse("name\nfoo\n", &zone(), Some(ListKind::Blocked)).unwrap();
        assert_eq!((short.len(), short[0].list), (1, ListKind::Blocked));
    }

    #[test]
    fn every_wrong_line_is_told() {
        let faults = |text: &str| parse(text, &zone(), None).unwrap_err();
        assert_eq!(faults(""), ["the file is empty"]);
        assert!(faults("name\nfoo")[0].contains("name and list are needed"));
        assert!(faults("name,list,price\n")[0].contains("no column \"price\""));
        let told = faults(
            "name,list,class,reason,until\n-a,blocked\nfoo,banned\nfoo,premium\nfoo.other,blocked\nok,blocked\nOK,blocked\n\
             ok,blocked,,,tomorrow\n,blocked\nok,blocked,,,,\n",
        );
        let words = [
            "line 2: \"-a\" is no name",
            "line 3: \"banned\" is no list; there are blocked, reserved, premium",
            "line 4: foo.example is premium and has no class",
            "line 5: foo.other is not directly below example",
            "line 7: ok.example is blocked by line 6 already",
            "line 8: \"tomorrow\" is no moment",
            "line 9: it has no name",
            "line 10: it has more fields",
        ];
        assert_eq!(told.len(), words.len(), "{told:?}");
        for (told, words) in told.iter().zip(words) {
            assert!(told.starts_with(words), "{told}");
        }
        let other = parse("name,list\nfoo,premium", &zone(), Some(ListKind::Blocked)).unwrap_err();
        assert_eq!(other, ["line 2: it is of list premium"]);
    }
}
