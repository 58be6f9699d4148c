//! Short forms of allocation tokens (RFC 8495).

use clap::Args;

use super::short_ext::element;
use crate::epp::ext::Ext;

/// An allocation token.
#[derive(Debug, Default, Args)]
pub struct Token {
    /// An allocation token
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
}

impl Token {
    /// The extension's element, or nothing.
    pub(super) fn element(&self) -> String {
        let text = self.token.as_deref().unwrap_or_default();
        element(Ext::AllocationToken, "allocationToken", &[], &quick_xml::escape::minimal_escape(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epp::command::{Command, Request};
    use crate::epp::ns::Ns;

    #[test]
    fn a_token_is_written_as_the_server_reads_it() {
        let token = Token { token: Some("AB<C-1&2".to_owned()) };
        let name = "<domain:name>a.tld</domain:name>";
        let frame = super::super::frame::extended(Ns::Domain, "check", name, &token.element());
        let Ok(Request::Command(envelope)) = crate::epp::decode(frame.as_bytes()) else { panic!("{frame}") };
        let Command::DomainCheck(check) = envelope.command else { panic!("no check") };
        assert_eq!(check.allocation.unwrap().expose(), "AB<C-1&2");
        assert_eq!(Token::default().element(), "");
    }
}
