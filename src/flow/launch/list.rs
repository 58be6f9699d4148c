//! Lists that a launch is judged by, in the form of the trademark clearinghouse (RFC 9361 section 6), and whom the
//! registry trusts to sign marks. A list is loaded whole and stored as far as it differs.

use std::collections::{HashMap, HashSet};

use data_encoding::{BASE64, HEXLOWER};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::clock::Ts;
use crate::gate::{Cx, Stop};
use crate::store::claim::{Difference, EntryRow, ListRow};

/// Most entries of a list.
const MOST: usize = 5_000_000;

/// A list as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// When it was made.
    pub made_at: Ts,
    /// Label and key, or identifier and nothing; and since when.
    pub entries: Vec<(String, String, Ts)>,
}

/// Reads a list of labels with claims (DNL): a version and a date, then the names of the columns, then a line for each.
///
/// # Errors
/// Which line is wrong, and how.
pub fn read_claims(text: &str) -> Result<List, String> {
    read(text, &["DNL", "lookup-key", "insertion-datetime"], |cells| match cells {
        [label, key, at] if is_label(label) && !key.is_empty() => {
            Some(((*label).to_owned(), (*key).to_owned(), *at))
        }
        _ => None,
    })
}

/// Reads a list of revoked signed marks (SMDRL), likewise.
///
/// # Errors
/// Which line is wrong, and how.
pub fn read_revoked(text: &str) -> Result<List, String> {
    read(text, &["smd-id", "insertion-datetime"], |cells| match cells {
        [id, at] if is_mark(id) => Some(((*id).to_owned(), String::new(), *at)),
        _ => None,
    })
}

fn read<'t>(
    text: &'t str,
    columns: &[&str],
    entry: impl Fn(&[&'t str]) -> Option<(String, String, &'t str)>,
) -> Result<List, String> {
    let mut lines = text.lines().map(str::trim_end).enumerate();
    let head = lines.next().and_then(|(_, line)| line.split_once(','));
    let made_at = match head {
        Some(("1", date)) => moment(date),
        _ => None,
    };
    let made_at = made_at.ok_or("line 1 has the version of the form, 1, and a date")?;
    if lines.next().is_none_or(|(_, line)| !line.split(',').eq(columns.iter().copied())) {
        return Err(format!("line 2 names the columns {}", columns.join(",")));
    }
    let (mut entries, mut seen) = (Vec::new(), HashSet::new());
    for (at, line) in lines.filter(|(_, line)| !line.is_empty()) {
        let cells: Vec<&str> = line.split(',').collect();
        let read = entry(&cells).and_then(|(of, says, since)| Some((of, says, moment(since)?)));
        let Some(read) = read else { return Err(format!("line {} is not {}", at + 1, columns.join(","))) };
        if !seen.insert(read.0.clone()) {
            return Err(format!("line {} has {} for the second time", at + 1, read.0));
        }
        if entries.len() == MOST {
            return Err(format!("it has more than {MOST} entries"));
        }
        entries.push(read);
    }
    Ok(List { made_at, entries })
}

fn moment(text: &str) -> Option<Ts> {
    text.parse().ok().map(Ts::from_timestamp)
}

/// A label as names are compared: an A-label.
fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_mark(text: &str) -> bool {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once('-').is_some_and(|(mark, issuer)| number(mark) && number(issuer))
}

/// Stores a validator's claims as far as they differ, and says how.
///
/// # Errors
/// The database's trouble.
pub async fn load_claims(cx: &mut Cx<'_>, validator: &str, list: &List) -> Result<Difference, Stop> {
    let mut there = Vec::new();
    loop {
        let page =
            cx.tx.claims_page(validator, there.last().map_or(i64::MIN, |row: &EntryRow| row.id)).await?;
        if page.is_empty() {
            break;
        }
        there.extend(page);
    }
    let by = difference(cx, there, list);
    cx.tx.claims_change(validator, &by).await?;
    noted(cx, &format!("claims {validator}"), list, &by).await?;
    Ok(by)
}

/// Stores revoked signed marks as far as they differ, and says how.
///
/// # Errors
/// The database's trouble.
pub async fn load_revoked(cx: &mut Cx<'_>, list: &List) -> Result<Difference, Stop> {
    let mut there = Vec::new();
    loop {
        let page = cx.tx.revoked_page(there.last().map_or(i64::MIN, |row: &EntryRow| row.id)).await?;
        if page.is_empty() {
            break;
        }
        // It says nothing but its identifier.
        there.extend(page.into_iter().map(|row| EntryRow { says: String::new(), ..row }));
    }
    let by = difference(cx, there, list);
    cx.tx.revoked_change(&by).await?;
    noted(cx, "revoked marks", list, &by).await?;
    Ok(by)
}

fn difference(cx: &Cx<'_>, there: Vec<EntryRow>, list: &List) -> Difference {
    let mut there: HashMap<String, (i64, String)> =
        there.into_iter().map(|row| (row.of, (row.id, row.says))).collect();
    let mut by = Difference::default();
    for (of, says, at) in &list.entries {
        match there.remove(of) {
            None => by.added.push((cx.ids.next(), of.clone(), says.clone(), *at)),
            Some((id, before)) if before != *says => by.changed.push((id, says.clone(), *at)),
            Some(_) => {}
        }
    }
    by.removed = there.into_values().map(|(id, _)| id).collect();
    by.removed.sort_unstable();
    by
}

async fn noted(cx: &mut Cx<'_>, kind: &str, list: &List, by: &Difference) -> Result<(), Stop> {
    let entries = i64::try_from(list.entries.len()).unwrap_or(i64::MAX);
    let row = ListRow { kind: kind.to_owned(), made_at: list.made_at, loaded_at: cx.now, entries };
    cx.tx.launch_list_put(&row).await?;
    cx.changed(
        format!("launch list {kind}"),
        json!({ "made_at": list.made_at.to_string(), "added": by.added.len(), "changed": by.changed.len(),
                "removed": by.removed.len() }),
    );
    Ok(())
}

/// Puts certificates (`root`) or lists of revoked ones (`crl`) in the place of those there were.
///
/// # Errors
/// The database's trouble.
pub async fn load_trust(cx: &mut Cx<'_>, kind: &'static str, all: &[Vec<u8>]) -> Result<Vec<String>, Stop> {
    let digest = |der: &Vec<u8>| (HEXLOWER.encode(&Sha256::digest(der)), BASE64.encode(der));
    let all: Vec<_> = all.iter().map(digest).collect();
    cx.tx.trust_replace(kind, &all, cx.now).await?;
    let digests: Vec<String> = all.into_iter().map(|(digest, _)| digest).collect();
    let entries = i64::try_from(digests.len()).unwrap_or(i64::MAX);
    let row = ListRow { kind: format!("trust {kind}"), made_at: cx.now, loaded_at: cx.now, entries };
    cx.tx.launch_list_put(&row).await?;
    cx.changed(format!("launch trust {kind}"), json!({ "sha256": digests }));
    Ok(digests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_in_the_form_of_the_clearinghouse() {
        let text = "1,2012-08-16T00:00:00.0Z\nDNL,lookup-key,insertion-datetime\n\
                    example,2013041500/2/6/9/rJ1NrDO92vDsAzf7EQzgjX4R0000000001,2010-07-14T00:00:00.0Z\r\n\
                    xn--mgbachtv,2013041500/1/1/0/abc,2011-02-16T00:00:00.0Z\n";
        let list = read_claims(text).unwrap();
        assert_eq!((list.entries.len(), list.entries[1].0.as_str()), (2, "xn--mgbachtv"));
        assert_eq!(list.made_at.to_string(), "2012-08-16T00:00:00.000Z");
        let revoked = "1,2013-08-16T00:00:00.0Z\nsmd-id,insertion-datetime\n2-2,2012-08-15T00:00:00.0Z\n";
        assert_eq!(read_revoked(revoked).unwrap().entries[0].0, "2-2");
    }

    #[test]
    fn a_wrong_line_is_told() {
        let head = "1,2012-08-16T00:00:00.0Z\nDNL,lookup-key,insertion-datetime\n";
        for (text, expected) in [
            (String::new(), "line 1"),
            ("2,2012-08-16T00:00:00.0Z\n".to_owned(), "line 1"),
            ("1,2012-08-16T00:00:00.0Z\nsmd-id,insertion-datetime\n".to_owned(), "line 2"),
            (format!("{head}Example,key,2010-07-14T00:00:00.0Z\n"), "line 3"),
            (format!("{head}example,,2010-07-14T00:00:00.0Z\n"), "line 3"),
            (format!("{head}example,key,yesterday\n"), "line 3"),
            (format!("{head}a,k,2010-07-14T00:00:00.0Z\na,k,2010-07-14T00:00:00.0Z\n"), "line 4 has a"),
        ] {
            let fault = read_claims(&text).unwrap_err();
            assert!(fault.starts_with(expected), "{text:?}: {fault}");
        }
    }
}
