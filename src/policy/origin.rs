//! Which knobs are in force, and the file and line each was said in.

use serde_json::Value;

use super::{Policies, PolicyError, fault};

/// A knob as it is in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Knob {
    /// Its path, as `zone.period.max_years`.
    pub key: String,
    /// Its value; null where nothing is said, and nothing holds.
    pub value: Value,
    /// Who said it; `None` where nobody did, and the knob's own default holds.
    pub said: Option<Said>,
}

/// Where a knob was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The profile.
    pub profile: String,
    /// The line of its file.
    pub line: usize,
}

impl Policies {
    /// Every knob of a profile in the order of the tree.
    ///
    /// # Errors
    /// When there is no such profile.
    pub fn knobs(&self, profile: &str) -> Result<Vec<Knob>, PolicyError> {
        let invalid = |cause: serde_json::Error| PolicyError::Invalid {
            name: profile.to_owned(),
            fault: cause.to_string(),
        };
        let tree = serde_json::to_value(&*self.profile(profile)?).map_err(invalid)?;
        let mut found = Vec::new();
        leaves(&mut Vec::new(), &tree, &mut found);
        // The name is no knob.
        found.retain(|(path, _)| path.len() > 1);
        Ok(found
            .into_iter()
            .map(|(path, value)| Knob { key: path.join("."), value, said: self.said(profile, &path) })
            .collect())
    }

    /// The names of a profile and of everything it extends, the nearest first.
    #[must_use]
    pub fn chain(&self, profile: &str) -> Vec<&str> {
        super::chain(&self.sources, profile).into_iter().map(|(name, _)| name).collect()
    }

    fn said(&self, profile: &str, path: &[String]) -> Option<Said> {
        super::chain(&self.sources, profile).into_iter().find_map(|(name, text)| {
            let line = fault::line_of_path(text, path)?;
            Some(Said { profile: name.to_owned(), line })
        })
    }
}

fn leaves(path: &mut Vec<String>, value: &Value, found: &mut Vec<(Vec<String>, Value)>) {
    match value {
        Value::Object(inner) if !inner.is_empty() => {
            for (key, value) in inner {
                path.push(key.clone());
                leaves(path, value, found);
                path.pop();
            }
        }
        value => found.push((path.clone(), value.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_shown_with_the_file_that_said_it() {
        let own = [("own".to_owned(), "id = \"own\"\nextends = \"demo\"\n[zone.ns]\nmin = 2\n".to_owned())];
        let all = Policies::load(&own).unwrap();
        let knobs = all.knobs("own").unwrap();
        let said = |key: &str| {
            let knob = knobs.iter().find(|knob| knob.key == key).unwrap();
            (knob.value.clone(), knob.said.clone().map(|said| said.profile))
        };
        assert_eq!(said("zone.ns.min"), (2.into(), Some("own".to_owned())));
        assert_eq!(said("zone.check.max_names"), (200.into(), Some("demo".to_owned())));
        assert_eq!(said("zone.ns.max"), (13.into(), Some("gtld".to_owned())));
        assert_eq!(
            knobs.iter().find(|knob| knob.key == "zone.ns.min").unwrap().said.as_ref().unwrap().line,
            4
        );
        assert_eq!(said("zone.contacts.roles.admin.min").0, 0);
    }
}
