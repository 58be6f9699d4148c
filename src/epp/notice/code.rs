//! The mail that brings a transfer code to a registrant. It is to no registrar, so it is no notice.

use super::Letter;
use super::letter::one_line;
use crate::clock::Ts;
use crate::epp::types::{DomainName, Lang};

/// Where the code stands in the mail. Whoever sends the mail puts it there.
pub const MARK: &str = "{code}";

/// What it says, without the code.
#[derive(Clone, Debug)]
pub struct CodeMail<'a> {
    /// The domain.
    pub domain: &'a DomainName,
    /// The registrar that asked for it, by its name.
    pub asked_by: &'a str,
    /// The first moment the code opens nothing.
    pub until: Ts,
    /// Where it goes on, by that registrar's word.
    pub url: Option<&'a str>,
}

impl CodeMail<'_> {
    /// What it is called in the outbox, in the place of a kind of notice.
    pub const KIND: &'static str = "transfer_code";
    /// And in the place of an audience, of which a registrant is none.
    pub const CATEGORY: &'static str = "registrant";

    /// The mail, in those languages; nobody knows the registrant's.
    #[must_use]
    pub fn letter(&self, langs: &[Lang]) -> Letter {
        let langs = if langs.is_empty() { &[Lang::En] } else { langs };
        let subject = match langs[0] {
            Lang::En => format!("Transfer code of {}", self.domain),
            Lang::Fr => format!("Code de transfert de {}", self.domain),
        };
        let texts: Vec<String> = langs.iter().map(|lang| self.text(*lang)).collect();
        Letter { subject, body: texts.join("\n--\n\n") }
    }

    fn text(&self, lang: Lang) -> String {
        let Self { domain, until, url, .. } = self;
        let by = one_line(self.asked_by);
        let page = url.map(|url| match lang {
            Lang::En => format!(
                "The registrar gives this page to go on; the registry has not looked at it:\n\n    {url}\n\n"
            ),
            Lang::Fr => format!(
                "Le bureau d'enregistrement indique cette page pour la suite ; le registre ne l'a pas vérifiée :\n\n    {url}\n\n"
            ),
        });
        let page = page.unwrap_or_default();
        match lang {
            Lang::En => format!(
                "The registrar {by} asked us to send you the transfer code of the domain {domain}, of which you are the \
                 holder:\n\n    {MARK}\n\nWhoever has this code can take the domain to another registrar until {until}. \
                 Give it only to the registrar of your choice.\n\n{page}If you do not want to change registrars, give the \
                 code to nobody: nothing happens then.\n"
            ),
            Lang::Fr => format!(
                "Le bureau d'enregistrement {by} nous a demandé de vous envoyer le code de transfert du domaine {domain}, \
                 dont vous êtes titulaire :\n\n    {MARK}\n\nQui détient ce code peut transférer le domaine à un autre \
                 bureau d'enregistrement jusqu'au {until}. Ne le donnez qu'au bureau de votre choix.\n\n{page}Si vous ne \
                 voulez pas changer de bureau d'enregistrement, ne donnez ce code à personne : rien ne se passera.\n"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_stands_once_in_each_language_and_a_page_where_there_is_one() {
        let domain = DomainName::parse("foo.example").unwrap();
        let of = |url| CodeMail { domain: &domain, asked_by: "Beta\nNames", until: Ts(0), url };
        let letter = of(Some("https://beta.example/")).letter(Lang::ALL);
        assert_eq!(letter.subject, "Transfer code of foo.example");
        assert_eq!(letter.body.matches(MARK).count(), 2);
        assert_eq!(letter.body.matches("https://beta.example/").count(), 2);
        assert!(letter.body.contains("Beta Names") && letter.body.contains("titulaire"));
        let plain = of(None).letter(&[Lang::Fr]);
        assert_eq!(plain.subject, "Code de transfert de foo.example");
        assert!(!plain.body.contains("http") && !plain.body.contains("registrar"));
    }
}
