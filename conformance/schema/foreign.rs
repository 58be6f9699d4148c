//! A set of schemas that knows one namespace more, as if of an extension: what may stand wherever a wildcard is.

use std::path::Path;

use super::tree::FOREIGN;
use super::{Set, Verdict};

/// A set, and [`FOREIGN`] with one element of any content, `thing`.
pub struct WithForeign {
    set: Set,
    /// Holds the driver file while the set is in use.
    _folder: tempfile::TempDir,
}

impl WithForeign {
    pub fn new(set: &Set) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let schema = |attributes: &str, content: &str| {
            format!(
                "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"{attributes}>{content}</xs:schema>"
            )
        };
        let foreign = schema(&format!(" targetNamespace=\"{FOREIGN}\""), "<xs:element name=\"thing\"/>");
        let driver = schema(
            "",
            &format!(
                "<xs:include schemaLocation=\"{}\"/><xs:import namespace=\"{FOREIGN}\" schemaLocation=\"foreign.xsd\"/>",
                location(&set.driver)
            ),
        );
        let path = folder.path().join("driver.xsd");
        std::fs::write(folder.path().join("foreign.xsd"), foreign).expect("a schema goes into a file");
        std::fs::write(&path, driver).expect("a schema goes into a file");
        Self { set: Set { name: set.name, driver: path }, _folder: folder }
    }

    /// What the set says of each frame, in their order.
    pub fn verdicts<'a>(&self, frames: impl IntoIterator<Item = &'a [u8]>) -> Vec<Verdict> {
        self.set.verdicts(frames)
    }
}

/// A path as a URI reference.
fn location(path: &Path) -> String {
    let mut uri = String::new();
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                uri.push(char::from(byte))
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
